"""The walk: which step comes after which.

The trunk is the steps without a parent, in order. A conditional has two branches, the steps that name it as their
parent, in order; at the end of a branch the walk goes on after the conditional. A path of the conditional that names
a step overrides its branch: a jump to that step, from where the walk goes on.

A deleted step keeps its place, so that whoever waited at it goes on with what comes next.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any
from uuid import UUID

from domain.enums import Branch, DelayUnit, OnFailure, StepType
from domain.step_configs import MODELS, AnyConfig


@dataclass(frozen=True, slots=True)
class Step:
    """A step as the rules see it. `winner` is the variant that has won its test."""

    id: UUID
    step_type: StepType
    step_order: int
    step_config: dict[str, Any]
    parent_step_id: UUID | None = None
    branch: Branch | None = None
    delay_value: int = 0
    delay_unit: DelayUnit = DelayUnit.HOURS
    conditions: Any = None
    true_path_step_id: UUID | None = None
    false_path_step_id: UUID | None = None
    on_failure: OnFailure = OnFailure.CONTINUE
    is_deleted: bool = False
    winner: str | None = None

    @property
    def config(self) -> AnyConfig:
        """The configuration as its model."""
        return MODELS[self.step_type].model_validate(self.step_config)

    def path(self, branch: Branch) -> UUID | None:
        """The step that a conditional jumps to on that side."""
        return self.true_path_step_id if branch is Branch.TRUE else self.false_path_step_id

    @property
    def label(self) -> str:
        """How people who look at an enrollment call it."""
        where = f" in the {self.branch} branch" if self.branch else ""
        return f"step {self.step_order} {self.step_type}{where}"


@dataclass(frozen=True)
class Flow:
    """The steps of a campaign."""

    steps: tuple[Step, ...]

    @cached_property
    def _by_id(self) -> dict[UUID, Step]:
        return {step.id: step for step in self.steps}

    @cached_property
    def _lists(self) -> dict[tuple[UUID | None, Branch | None], list[Step]]:
        lists: dict[tuple[UUID | None, Branch | None], list[Step]] = defaultdict(list)
        for step in sorted(self.steps, key=lambda step: (step.step_order, step.is_deleted)):
            lists[step.parent_step_id, step.branch].append(step)
        return lists

    @property
    def live(self) -> list[Step]:
        """The steps that are there, in no particular order."""
        return [step for step in self.steps if not step.is_deleted]

    def listed(self) -> Iterator[Step]:
        """The steps that are there as people read them: after a conditional what is in its branches."""
        for step in _live(self._lists[None, None]):
            yield step
            yield from _live(self.within(step))

    def get(self, step_id: UUID) -> Step | None:
        """A step, deleted or not."""
        return self._by_id.get(step_id)

    def at(self, step_id: UUID) -> Step:
        """A step that is known to exist."""
        return self._by_id[step_id]

    def first(self) -> Step | None:
        """Where an enrollment begins."""
        return next(_live(self._lists[None, None]), None)

    def after(self, step: Step, branch: Branch | None = None) -> Step | None:
        """The step after this one; after a conditional, by the branch that it took. None at the end."""
        if branch is not None:
            if target := step.path(branch):
                return self.at_or_after(self._by_id[target])
            if inside := next(_live(self._lists[step.id, branch]), None):
                return inside
        siblings = self._lists[step.parent_step_id, step.branch]
        if following := next(_live(siblings[siblings.index(step) + 1 :]), None):
            return following
        parent = self._by_id.get(step.parent_step_id) if step.parent_step_id else None
        return self.after(parent) if parent else None

    def at_or_after(self, step: Step) -> Step | None:
        """The step itself, or where it was deleted what comes next."""
        return self.after(step) if step.is_deleted else step

    def successors(self, step: Step) -> list[Step]:
        """Every step that may come next."""
        branches = list(Branch) if step.step_type is StepType.CONDITIONAL else [None]
        if step.step_type is StepType.EXIT_CAMPAIGN:
            return []
        return [after for branch in branches if (after := self.after(step, branch))]

    def reach(self, step: Step) -> Iterable[Step]:
        """The step, and every one that the walk may come to from there."""
        found, waiting = {step.id: step}, [step]
        while waiting:
            new = [each for each in self.successors(waiting.pop()) if each.id not in found]
            found |= {each.id: each for each in new}
            waiting += new
        return found.values()

    def cycle(self) -> list[Step]:
        """Steps among which the walk would go round for ever, empty if there are none."""
        graph = {step.id: [after.id for after in self.successors(step)] for step in self.live}
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            return [self._by_id[step_id] for step_id in dict.fromkeys(error.args[1])]
        return []

    def above(self, step: Step) -> Iterator[Step]:
        """The conditionals in whose branches a step stands, innermost first."""
        while step.parent_step_id:
            step = self._by_id[step.parent_step_id]
            yield step

    def within(self, step: Step) -> Iterator[Step]:
        """The steps in the branches of a conditional, however deep."""
        for branch in Branch:
            for inner in self._lists[step.id, branch]:
                yield inner
                yield from self.within(inner)


def _live(steps: Iterable[Step]) -> Iterator[Step]:
    return (step for step in steps if not step.is_deleted)

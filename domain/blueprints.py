"""A campaign apart from its history: what is set of it, its steps and its triggers.

A copy of a campaign begins with one, and so does a campaign that is made from a template. The steps refer to each other
by names that hold within it, since every campaign that is built of it has steps of its own.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from math import ceil
from typing import Annotated, Any

from pydantic import BaseModel, Field

from domain.campaign_settings import CampaignSettings
from domain.enums import Branch, DelayUnit, OnFailure, StepType, TriggerType
from domain.errors import FieldProblem
from domain.flow import Flow

REFERENCES = ("parent_step_id", "true_path_step_id", "false_path_step_id")
"""The fields in which a step names another one."""

_PLAIN = (
    "step_type", "step_config", "branch", "delay_value", "delay_unit", "conditions", "on_failure",
)  # fmt: skip

Key = Annotated[str, Field(min_length=1, max_length=100)]
Place = tuple[str | None, Branch | None]
"""A list of steps: the trunk, or a branch of a conditional."""


class BlueprintStep(BaseModel):
    """A step. Its `id` is a name, by which `parent_step_id` and the paths of other steps refer to it."""

    id: Key
    step_type: str
    """A text: a template whose type of step is gone is shown, and refused when it is used."""
    step_config: dict[str, Any] = {}
    parent_step_id: Key | None = None
    branch: Branch | None = None
    delay_value: Annotated[int, Field(strict=True, ge=0)] = 0
    delay_unit: DelayUnit = DelayUnit.HOURS
    conditions: Any = None
    true_path_step_id: Key | None = None
    false_path_step_id: Key | None = None
    on_failure: OnFailure = OnFailure.CONTINUE

    @property
    def place(self) -> Place:
        """The list in which it stands."""
        return self.parent_step_id, self.branch

    @property
    def length(self) -> timedelta:
        """How long the step takes at most."""
        delays = [(self.delay_unit, self.delay_value)]
        if self.step_type == StepType.WAIT and (until := self.step_config.get("until")):
            delays.append((until["timeout"]["delay_unit"], until["timeout"]["delay_value"]))
        return sum((timedelta(**{unit: value}) for unit, value in delays), timedelta())


class BlueprintTrigger(BaseModel):
    """A trigger."""

    trigger_type: TriggerType
    trigger_config: dict[str, Any]
    enrollment_conditions: Any = None
    exclusion_conditions: Any = None
    priority: Annotated[int, Field(strict=True)] = 0
    is_active: Annotated[bool, Field(strict=True)] = True


class Blueprint(BaseModel):
    """What a campaign is built of. The steps of each list are in order, a conditional before its branches."""

    campaign: CampaignSettings
    steps: list[BlueprintStep]
    triggers: list[BlueprintTrigger] = []

    def orders(self) -> list[int]:
        """The `step_order` of each step."""
        seen: Counter[Place] = Counter()
        orders = []
        for step in self.steps:
            seen[step.place] += 1
            orders.append(seen[step.place])
        return orders

    @property
    def duration_days(self) -> int:
        """How long the longest walk without jumps takes: its delays, in days; a day that has begun counts."""
        lengths: defaultdict[Place, timedelta] = defaultdict(timedelta)
        for step in reversed(self.steps):
            inside = max(lengths[step.id, branch] for branch in Branch)
            lengths[step.place] += step.length + inside
        return ceil(lengths[None, None] / timedelta(days=1))

    def problems(self) -> Iterator[FieldProblem]:
        """What is wrong with the types and the names of the steps, apart from their content."""
        names = {step.id for step in self.steps}
        seen: set[str] = set()
        for index, step in enumerate(self.steps):
            if step.step_type not in set(StepType):
                message = f"there is no such type of step: {step.step_type!r}"
                yield FieldProblem(("steps", index, "step_type"), message)
            if step.id in seen:
                yield FieldProblem(("steps", index, "id"), "is the name of an earlier step, too")
            for name in REFERENCES:
                named = getattr(step, name)
                known = seen if name == "parent_step_id" else names
                if named is not None and named not in known:
                    which = "an earlier step" if name == "parent_step_id" else "a step"
                    yield FieldProblem(("steps", index, name), f"is not the name of {which}")
            seen.add(step.id)


def steps_of(flow: Flow) -> list[BlueprintStep]:
    """The steps of a campaign, under names: `step-1`, `step-2`, as people read them."""
    listed = list(flow.listed())
    names = {step.id: f"step-{number}" for number, step in enumerate(listed, start=1)}
    return [
        BlueprintStep(
            id=names[step.id],
            **{name: getattr(step, name) for name in _PLAIN},
            # A path to a step that was deleted leads nowhere.
            **{name: names.get(getattr(step, name)) for name in REFERENCES},
        )
        for step in listed
    ]

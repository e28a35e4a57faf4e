"""What an edit of a campaign's steps gives to those who are on their way through it, and takes from them."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from domain.flow import Flow


def ahead(flow: Flow, step_ids: Iterable[UUID]) -> Mapping[UUID, frozenset[UUID]]:
    """The steps that whoever waits at each of these may still come to, that one included.

    Who waits at a deleted step goes on with what comes after it. Of a step that the flow does not have there is nothing
    ahead.
    """
    following = {step.id: [after.id for after in flow.successors(step)] for step in flow.live}
    return {step_id: _reached(following, _start(flow, step_id)) for step_id in step_ids}


def who_gets(before: Flow, after: Flow, waiting: Mapping[UUID, int]) -> int:
    """How many of those who wait may come to a step that is new; `waiting` says how many wait at which step."""
    new = {step.id for step in after.live} - {step.id for step in before.live}
    now = ahead(after, waiting) if new else {}
    return sum(count for step_id, count in waiting.items() if now.get(step_id, new) & new)


def who_misses(before: Flow, after: Flow, waiting: Mapping[UUID, int]) -> int:
    """How many of those who wait do not come to a step any more that they might have come to."""
    once, now = ahead(before, waiting), ahead(after, waiting)
    return sum(count for step_id, count in waiting.items() if once[step_id] - now[step_id])


def _start(flow: Flow, step_id: UUID) -> UUID | None:
    step = flow.get(step_id)
    at = flow.at_or_after(step) if step else None
    return at.id if at else None


def _reached(following: Mapping[UUID, Iterable[UUID]], start: UUID | None) -> frozenset[UUID]:
    found = {start} if start else set()
    waiting = list(found)
    while waiting:
        new = [each for each in following[waiting.pop()] if each not in found]
        found.update(new)
        waiting += new
    return frozenset(found)

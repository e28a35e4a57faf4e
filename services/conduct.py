"""What becomes of a step that is due: passed by, put off, done, or ready to leave the house.

The engine and the test run both decide here. What leaves the house is theirs alone: the engine claims and sends it, a
test run does not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from db.situations import Situation
from db.tables import SentRow, Tenant
from domain.caps import Hold
from domain.enums import StepType
from domain.flow import Step
from domain.messages import MessageLinks, Skip
from domain.plans import Plan
from domain.step_configs import Wait
from services import contents, effects
from services.contents import Content
from services.outcomes import skipped
from services.walk import Walk

LinksOf = Callable[[Situation], MessageLinks]
"""Where the message of an enrollment's current visit leads back to us."""


class Door(Protocol):
    """A way out of the house, as far as it decides whether something leaves by it."""

    def check_configured(self, tenant: Tenant) -> None:
        """Raise Skip if nothing can go out this way for this tenant."""
        ...

    async def hold(self, walk: Walk) -> Hold | None:
        """What keeps a step that is due from going out now."""
        ...

    def owes_an_answer(self, row: SentRow) -> bool:
        """Whether a message that may not be repeated is still to be accounted for."""
        ...


@dataclass(frozen=True, slots=True)
class Ready:
    """A step that is to run now, and what it says."""

    step: Step
    content: Content


async def decide(
    walk: Walk, visit: int, doors: Mapping[StepType, Door], links_of: LinksOf
) -> Plan | Ready:
    """Everything up to the effect of a step, in the transaction of the walk: what comes next, or that it runs now."""
    step = walk.step
    if walk.is_at(visit) and walk.is_step_gone:
        return await walk.leave()
    if not walk.may_run(visit) or step is None:
        return await walk.plan()
    door = doors.get(step.step_type)
    if walk.is_skipped:
        passed = skipped("campaign_paused", "it came due while the campaign was paused")
        return await walk.finish(walk.as_far_as_known(passed))
    if door and door.owes_an_answer(walk.execution):
        return Ready(step, walk.execution.content or {})
    try:
        content = await _content(walk, step, door, links_of)
    except Skip as skip:
        return await walk.finish(walk.as_far_as_known(skipped(skip.code, str(skip))))
    if plan := await _outside_of_its_window(walk, step):
        return plan
    if door and (hold := await door.hold(walk)):
        return await _held_back(walk, step, hold)
    return Ready(step, content)


async def perform(walk: Walk, ready: Ready) -> Plan:
    """Run a step whose effect lies in our own database."""
    config = ready.step.config
    if isinstance(config, Wait) and config.until and walk.execution.started_at is None:
        return await walk.wait_for_event()
    return await walk.finish(await effects.perform(walk, ready.step, ready.content))


async def _content(walk: Walk, step: Step, door: Door | None, links_of: LinksOf) -> Content:
    """What the step says, rendered once; whether it may reach the contact is asked each time."""
    if door:
        door.check_configured(walk.situation.tenant)
    content = walk.execution.content
    if content is None:
        return await contents.prepare(walk.session, walk.situation, step, links_of(walk.situation))
    contents.check_reach(walk.situation, step)
    return dict(content)


async def _outside_of_its_window(walk: Walk, step: Step) -> Plan | None:
    """What to do where the step may not run now: wait, or go on without it."""
    opening = walk.schedule.opening(step.step_type, walk.now)
    if opening is None:
        return await _without_opening(walk)
    return await walk.defer(opening) if opening > walk.now else None


async def _held_back(walk: Walk, step: Step, hold: Hold) -> Plan:
    opening = walk.schedule.opening(step.step_type, hold.until)
    return await (walk.defer(opening, hold.why) if opening else _without_opening(walk))


async def _without_opening(walk: Walk) -> Plan:
    never = skipped("no_opening", "no window opens within 14 days")
    return await walk.finish(walk.as_far_as_known(never))

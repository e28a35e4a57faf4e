"""What a test run takes for granted: what the contact does with a message, or that something happens to it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from db.consents import set_opt_out
from db.endings import end_all_by_opt_out
from db.engagements import count_first
from db.events import insert_event
from db.feedback import Sent
from db.session import Session
from db.tables import Contact, Execution
from domain.enums import EngagementKind, ExecutionStatus, StepType
from domain.errors import FieldProblem, Invalid
from domain.events import (
    CONTACT_UNSUBSCRIBED,
    EMAIL_CLICKED,
    EMAIL_OPENED,
    EMAIL_REPLIED,
    SMS_REPLIED,
)
from domain.flow import Flow
from services.consent import SENDS
from services.engagement import raise_event
from services.replies import Reply, hear_reply

_WITH_MESSAGES: Final = frozenset({"opened", "clicked", "replied", "unsubscribed"})

_MEANT: Final[Mapping[str, Mapping[str, str]]] = {
    StepType.SEND_EMAIL: {
        "opened": EMAIL_OPENED,
        "clicked": EMAIL_CLICKED,
        "replied": EMAIL_REPLIED,
        "unsubscribed": CONTACT_UNSUBSCRIBED,
    },
    StepType.SEND_SMS: {"replied": SMS_REPLIED, "unsubscribed": CONTACT_UNSUBSCRIBED},
}
"""What a contact does with a message, and the event that it is."""

_KINDS: Final = {EMAIL_OPENED: EngagementKind.OPEN, EMAIL_CLICKED: EngagementKind.CLICK}
_COUNTERS: Final = {EMAIL_REPLIED: None, SMS_REPLIED: "sms_replied"}


@dataclass(frozen=True, slots=True)
class Assumption:
    """What happens at a step: to its message, such as `opened`, or an event by its name."""

    step_id: UUID
    event: str


def by_step(flow: Flow, assumptions: Sequence[Assumption]) -> dict[UUID, list[str]]:
    """The names of the events that are assumed at each step, in their order.

    Raises:
        Invalid: a step is not there, or is none of which this can be assumed.
    """
    steps = {step.id: step for step in flow.live}
    errors: list[FieldProblem] = []
    assumed: dict[UUID, list[str]] = defaultdict(list)
    for index, each in enumerate(assumptions):
        if (step := steps.get(each.step_id)) is None:
            errors.append(FieldProblem(("assume", index, "step_id"), "is no step of this campaign"))
            continue
        meant = _MEANT.get(step.step_type, {})
        if each.event in _WITH_MESSAGES and each.event not in meant:
            because = f"cannot be of a {step.step_type} step"
            errors.append(FieldProblem(("assume", index, "event"), because))
        assumed[each.step_id].append(meant.get(each.event, each.event))
    if errors:
        raise Invalid(*errors)
    return assumed


async def happen(
    session: Session, execution: Execution, contact: Contact, event_name: str, now: datetime
) -> None:
    """Let an event be at a step that is done, as if it had come from outside; what it means is `services.events`'.

    What did not go out is neither opened nor clicked nor answered.
    """
    if event_name not in _MEANT.get(execution.step_type, {}).values():
        await insert_event(session, contact.id, event_name, {}, occurred_at=now)
    elif execution.status != ExecutionStatus.COMPLETED:
        return
    elif kind := _KINDS.get(event_name):
        await count_first(session, execution, kind, now)
        await raise_event(session, Sent(execution, contact.id), event_name, now)
    elif event_name == CONTACT_UNSUBSCRIBED:
        await _opt_out(session, StepType(execution.step_type), contact.id, now)
    else:
        await hear_reply(session, _reply(event_name, execution, now), contact, [contact])


async def _opt_out(session: Session, step_type: StepType, contact_id: UUID, now: datetime) -> None:
    """What `services.consent.opt_out` does, but to nobody else who has the address."""
    channel = next(channel for channel, sends in SENDS.items() if sends == step_type)
    await end_all_by_opt_out(session, [contact_id], step_type, now)
    await set_opt_out(session, channel, [contact_id], opted_out=True)


def _reply(event_name: str, execution: Execution, now: datetime) -> Reply:
    return Reply(
        event_name=event_name,
        properties={},
        answers=StepType(execution.step_type),
        counter=_COUNTERS[event_name],
        what="a reply",
        said="",
        at=now,
    )

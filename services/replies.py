"""A contact has answered: what its enrollments learn of it, and who of the company is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.company import active_users
from db.crm import notify
from db.events import insert_event
from db.replies import Answered, count_replies, enrollments_answered
from db.session import Session
from db.tables import Contact
from domain.enums import Role, StepType

_MAX_TITLE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a person wrote.

    `answers` is the step that sends what it is a reply to, `counter` the enrollments' metric for it. `what`
    and `said` are for the notification: "Ann Lee sent a text", and the text. It came just now, unless there is an `at`.
    """

    event_name: str
    properties: Mapping[str, Any]
    answers: StepType
    counter: str | None
    what: str
    said: str
    at: datetime | None = None


async def hear_reply(
    session: Session, reply: Reply, writer: Contact, people: Sequence[Contact]
) -> None:
    """Note a reply wherever one of these people is on the way; what it ends or starts is the events' matter.

    `people` are all who have the address, `writer` is the one of them whom it is taken to be from.
    """
    answered = await enrollments_answered(session, [person.id for person in people], reply.answers)
    await count_replies(session, answered, reply.counter)
    on_their_way = {each.contact_id for each in answered if each.live}
    for person in people:
        if person is writer or person.id in on_their_way:
            await insert_event(
                session, person.id, reply.event_name, reply.properties, occurred_at=reply.at
            )
    await _notify(session, reply, writer, answered)


async def _notify(
    session: Session, reply: Reply, writer: Contact, answered: Sequence[Answered]
) -> None:
    """Tell the assigned user; else those who made the campaigns that are answered, else the admins."""
    creators = [each.campaign_creator for each in answered if each.campaign_creator]
    users = (
        await active_users(session, [writer.assigned_to] if writer.assigned_to else [], None)
        or await active_users(session, creators, None)
        or await active_users(session, [], Role.ADMIN)
    )
    if not users:
        return
    names = (writer.first_name, writer.last_name)
    name = " ".join(filter(None, names)) or writer.phone or writer.email
    enrollment = next((each for each in answered if each.contact_id == writer.id), None)
    await notify(
        session,
        users,
        {
            "title": f"{name} sent {reply.what}"[:_MAX_TITLE],
            "message": reply.said,
            "contact_id": writer.id,
            "enrollment_id": enrollment.enrollment_id if enrollment else None,
            "campaign_id": enrollment.campaign_id if enrollment else None,
        },
    )

"""Opens and clicks: all are kept, a person's count once a message, and tell triggers, goals and waits.

What counts is decided by `domain.machines`. It does not matter whether the enrollment goes on.
"""

from datetime import datetime

import structlog

from db.engagements import count_first, insert_engagement
from db.events import insert_event
from db.feedback import Sent
from db.session import Session
from db.tables import Execution
from domain.enums import EngagementKind
from domain.events import EMAIL_CLICKED, EMAIL_OPENED
from domain.machines import MAX_ANSWER, machine_rule
from domain.reports import Engagement

_log = structlog.get_logger(__name__)

_EVENT = {EngagementKind.OPEN: EMAIL_OPENED, EngagementKind.CLICK: EMAIL_CLICKED}


async def record_engagement(
    session: Session, sent: Sent, engagement: Engagement, at: datetime
) -> None:
    """Keep an open or a click, made at `at` by the wall clock.

    An open is an event once a message, a click each time: people come back to a link.
    """
    execution = sent.row
    if not isinstance(execution, Execution):
        return  # what is written by hand is not tracked
    machine = machine_rule(
        engagement.kind,
        user_agent=engagement.user_agent,
        address=engagement.address,
        method=engagement.method,
        sent_at=_sent_at(execution, at),
        at=at,
    )
    await insert_engagement(session, execution.id, engagement, machine, at)
    if machine:
        _log.info("a machine's", kind=str(engagement.kind), rule=machine, id=str(execution.id))
        return
    at = on_its_clock(sent, at)
    first = await count_first(session, execution, engagement.kind, at)
    if first or engagement.kind is EngagementKind.CLICK:
        url = {"url": engagement.url} if engagement.url else {}
        await raise_event(session, sent, _EVENT[engagement.kind], at, **url)


async def raise_event(
    session: Session, sent: Sent, event_name: str, at: datetime, **properties: object
) -> None:
    """Let triggers, goals and waits know what happened to a message."""
    ids = {}
    if isinstance(sent.row, Execution):
        names = ("campaign_id", "enrollment_id", "step_id")
        ids = {name: str(getattr(sent.row, name)) for name in names}
        ids["execution_id"] = str(sent.row.id)
    else:
        ids["message_id"] = str(sent.row.id)
    await insert_event(
        session,
        sent.contact_id,
        event_name,
        {**ids, **properties},
        project_id=sent.project_id,
        occurred_at=at,
    )


def _sent_at(execution: Execution, at: datetime) -> datetime | None:
    """When it was sent: at this very moment, while the attempt is on its way."""
    begun = execution.attempting_since
    return at if begun and at - begun < MAX_ANSWER else execution.sent_at


def on_its_clock(sent: Sent, at: datetime) -> datetime:
    """A time by the wall clock; not before the message's own, whose clock can be ahead where time is skipped."""
    return max(at, sent.row.completed_at) if sent.row.completed_at else at

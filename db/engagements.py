"""Statements about what was done with an e-mail: every open and click, and what a person's first one changes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update

from db.session import Session
from db.tables import Engagement as EngagementRow
from db.tables import Enrollment, Execution
from domain.enums import EngagementKind
from domain.reports import Engagement

_FIRST = {EngagementKind.OPEN: Execution.opened_at, EngagementKind.CLICK: Execution.clicked_at}
_COUNTER = {
    EngagementKind.OPEN: Enrollment.emails_opened,
    EngagementKind.CLICK: Enrollment.emails_clicked,
}


async def insert_engagement(
    session: Session, execution_id: UUID, engagement: Engagement, machine: str | None, at: datetime
) -> None:
    """Keep an open or a click; `machine` is the rule that took it for a machine's."""
    await session.execute(
        insert(EngagementRow).values(
            tenant_id=session.scope.tenant_id,
            execution_id=execution_id,
            kind=engagement.kind,
            url=engagement.url,
            user_agent=engagement.user_agent,
            machine=machine,
            occurred_at=at,
        )
    )


async def hold_enrollment(session: Session, enrollment_id: UUID) -> None:
    """Hold an enrollment before its executions, as the engine does, so that neither waits for the other."""
    await session.execute(
        select(Enrollment.id).where(Enrollment.id == enrollment_id).with_for_update(key_share=True)
    )


async def count_first(
    session: Session, execution: Execution, kind: EngagementKind, at: datetime
) -> bool:
    """Count an e-mail as opened or clicked by a person, once; whether this was the first time."""
    if getattr(execution, _FIRST[kind].key):
        return False
    await hold_enrollment(session, execution.enrollment_id)
    first = await session.scalar(
        update(Execution)
        .where(Execution.id == execution.id, _FIRST[kind].is_(None))
        .values({_FIRST[kind]: at})
        .returning(Execution.id)
        .execution_options(synchronize_session=False)
    )
    if first is None:
        return False
    counter = _COUNTER[kind]
    await session.execute(
        update(Enrollment)
        .where(Enrollment.id == execution.enrollment_id)
        .values({counter: counter + 1})
        .execution_options(synchronize_session=False)
    )
    return True

"""Statements about events: what happened to contacts, in the order in which it is processed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.lists import among
from db.paging import Page, Slice, page
from db.session import Session
from db.tables import Attribution, Event

EVENTS_KEPT = timedelta(days=400)
"""So that last year's is still there to be compared with."""

_FORGOTTEN_AT_ONCE = 5_000

MAX_ATTEMPTS = 3
"""An event that fails so often is set aside with its error, so that those behind it are heard."""


async def insert_event(
    session: Session,
    contact_id: UUID,
    event_name: str,
    properties: Mapping[str, Any],
    *,
    project_id: UUID | None = None,
    occurred_at: datetime | None = None,
    event_id: str | None = None,
) -> tuple[Event, bool]:
    """An event, and whether it is new: one with an `event_id` that is known is the earlier one."""
    values = {
        "tenant_id": session.scope.tenant_id,
        "contact_id": contact_id,
        "project_id": project_id,
        "event_name": event_name,
        "properties": properties,
        "event_id": event_id,
        **({"occurred_at": occurred_at} if occurred_at else {}),
    }
    event = await session.scalar(
        insert(Event).values(values).on_conflict_do_nothing().returning(Event)
    )
    if event:
        return event, True
    known = select(Event).where(Event.event_id == event_id)
    return (await session.scalars(known)).one(), False


async def list_events(
    session: Session, wanted: Slice, *, contact_id: UUID | None, event_name: str | None
) -> Page[Event]:
    """What happened to the company's contacts."""
    query = select(Event)
    if contact_id:
        query = query.where(Event.contact_id == contact_id)
    if event_name:
        query = query.where(Event.event_name == event_name)
    return await page(session, query, wanted, Event.created_at, Event.id)


async def tenants_with_events(gateway: AsyncSession) -> Sequence[UUID]:
    """Whose events wait to be processed. Looks at one row for each of them, however many wait."""
    rows = await gateway.execute(
        text(
            """
            with recursive tenant (id) as (
                (select tenant_id from events where processed_at is null order by tenant_id limit 1)
                union all
                select (select tenant_id from events
                        where processed_at is null and tenant_id > tenant.id order by tenant_id limit 1)
                from tenant where tenant.id is not null
            )
            select id from tenant where id is not null
            """
        )
    )
    return [row.id for row in rows]


async def take_waiting(session: Session, limit: int) -> Sequence[Event]:
    """The tenant's oldest events that wait, until the end of the transaction nobody else's.

    One worker at a time goes through a tenant's events, which keeps them in their order.
    """
    key = func.hashtextextended(f"events:{session.scope.tenant_id}", 0)
    if not await session.scalar(select(func.pg_try_advisory_xact_lock(key))):
        return []
    rows = await session.scalars(
        select(Event)
        .where(Event.tenant_id == session.scope.tenant_id, Event.processed_at.is_(None))
        .order_by(Event.number)
        .limit(limit)
    )
    return rows.all()


async def mark_processed(session: Session, event_ids: Sequence[UUID]) -> None:
    """Note that these have had their effect."""
    await session.execute(
        update(Event)
        .where(among(Event.id, event_ids))
        .values(processed_at=func.statement_timestamp(), error=None)
        .execution_options(synchronize_session=False)
    )


async def note_failure(session: Session, event_id: UUID, error: str) -> None:
    """Note that an event could not be processed; after `MAX_ATTEMPTS` it is set aside.

    One that another worker has processed meanwhile stays so.
    """
    attempts = Event.attempts + 1
    await session.execute(
        update(Event)
        .where(Event.id == event_id, Event.processed_at.is_(None))
        .values(
            attempts=attempts,
            error=error,
            processed_at=case((attempts >= MAX_ATTEMPTS, func.statement_timestamp())),
        )
        .execution_options(synchronize_session=False)
    )


async def forget_old_events(session: Session) -> None:
    """Forget some of the events that are long over, but none that brought in revenue."""
    brought_in = select(Attribution.id).where(
        Attribution.tenant_id == Event.tenant_id, Attribution.event_id == Event.id
    )
    old = (
        select(Event.id)
        .where(
            Event.tenant_id == session.scope.tenant_id,
            Event.created_at < func.now() - EVENTS_KEPT,
            Event.processed_at.is_not(None),
            ~brought_in.exists(),
        )
        .order_by(Event.created_at)
        .limit(_FORGOTTEN_AT_ONCE)
    )
    await session.execute(
        delete(Event).where(Event.id.in_(old)),
        execution_options={"synchronize_session": False},
    )

"""Statements about events: what happened to contacts, in the order in which it is processed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from db.session import Session
from db.tables import Event


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

"""What a company has named itself: its custom fields and its events."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select, union

from db.session import Session
from db.tables import CampaignTrigger, CustomField, Event
from domain.enums import TriggerType
from domain.fields import Entity

_MAX_NAMES: Final = 500
"""Of custom fields; a client that makes one for each contact must not bury the others' editors."""

_RECENT: Final = 1_000
"""Events that are looked at."""


async def custom_names(session: Session) -> Mapping[Entity, list[str]]:
    """The names of the custom fields that contacts and projects have, or had."""
    names: dict[Entity, list[str]] = {"contact": [], "project": []}
    for entity, found in names.items():
        rows = await session.scalars(
            select(CustomField.name)
            .where(CustomField.entity == entity)
            .order_by(CustomField.name)
            .limit(_MAX_NAMES)
        )
        found.extend(rows)
    return names


async def event_names(session: Session) -> set[str]:
    """The names of the company's newest events, and of those that its triggers listen to."""
    newest = (
        select(Event.event_name)
        .order_by(Event.created_at.desc(), Event.id.desc())
        .limit(_RECENT)
        .subquery()
    )
    listened_to = select(CampaignTrigger.trigger_config["event_name"].astext).where(
        CampaignTrigger.trigger_type == TriggerType.EVENT
    )
    return set(await session.scalars(union(select(newest.c.event_name), listened_to)))

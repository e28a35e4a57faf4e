"""Statements about what the admins of a tenant are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Date, Uuid, cast, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.session import Session
from db.tables import Alert, Notification, Tenant, User
from domain.enums import AlertKind, Role

_KEPT = timedelta(days=90)
_TODAY = cast(func.timezone(Tenant.timezone, func.now()), Date)
"""On the tenant's own calendar: what was told on one evening may be told again on the next morning."""


async def is_raised(session: Session, kind: AlertKind, campaign_id: UUID | None) -> bool:
    """Whether the admins were told of it today."""
    raised = await session.scalar(
        select(Alert.id)
        .join(Tenant, Tenant.id == Alert.tenant_id)
        .where(
            Alert.kind == kind,
            Alert.campaign_id.is_not_distinct_from(campaign_id),
            Alert.day == _TODAY,
        )
    )
    return raised is not None


async def insert_alert(
    session: Session, kind: AlertKind, campaign_id: UUID | None, title: str, message: str
) -> bool:
    """Keep an alert, unless there is one today of this kind and campaign; whether it is new."""
    columns = {
        "tenant_id": Tenant.id,
        "kind": literal(kind),
        "campaign_id": literal(campaign_id, Uuid),
        "day": _TODAY,
        "title": literal(title),
        "message": literal(message),
    }
    inserted = await session.scalar(
        insert(Alert)
        .from_select(
            list(columns),
            select(*columns.values()).where(Tenant.id == session.scope.tenant_id),
        )
        .on_conflict_do_nothing()
        .returning(Alert.id)
    )
    return inserted is not None


async def notify_admins(
    session: Session, campaign_id: UUID | None, title: str, message: str
) -> None:
    """Tell each active admin of the tenant."""
    columns = {
        "tenant_id": User.tenant_id,
        "user_id": User.id,
        "campaign_id": literal(campaign_id, Uuid),
        "title": literal(title),
        "message": literal(message),
    }
    admins = select(*columns.values()).where(User.role == Role.ADMIN, User.is_active)
    await session.execute(insert(Notification).from_select(list(columns), admins))


@dataclass(frozen=True, slots=True)
class Unmailed:
    """An alert that nobody was mailed, so far."""

    tenant_id: UUID
    alert_id: UUID


async def unmailed_alerts(
    gateway: AsyncSession, limit: int, within: timedelta
) -> Sequence[Unmailed]:
    """Some of the alerts of so long until now that are to be mailed, in no order: none is always the last."""
    rows = await gateway.execute(
        select(Alert.tenant_id, Alert.id)
        .where(Alert.emailed_at.is_(None), Alert.created_at > func.now() - within)
        .order_by(func.random())
        .limit(limit)
    )
    return [Unmailed(*row) for row in rows]


async def find_alert(session: Session, alert_id: UUID) -> Alert:
    """An alert of the tenant. Raises NoResultFound if its campaign has gone, and it with it."""
    return await session.get_one(Alert, alert_id)


async def note_mailed(session: Session, alert_id: UUID) -> None:
    """Note that nothing is left to be mailed of an alert."""
    await session.execute(update(Alert).where(Alert.id == alert_id).values(emailed_at=func.now()))


async def forget_old_alerts(session: Session) -> None:
    """Forget what admins were told long ago; the notifications stay theirs."""
    await session.execute(delete(Alert).where(Alert.created_at < func.now() - _KEPT))

"""`/api/notifications`: the caller's own."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import func, select

from api.access import Caller, Db, Now, TransactionalRoute
from api.paging import Wanted
from api.schemas.crm import NotificationAnswer, NotificationList, NotificationPatch
from db import rows
from db.paging import page
from db.tables import Notification
from domain.errors import NotFound

router = APIRouter(prefix="/notifications", tags=["notifications"], route_class=TransactionalRoute)


@router.get("")
async def list_notifications(
    db: Db,
    caller: Caller,
    wanted: Wanted,
    unread: Annotated[bool, Query()] = False,  # noqa: FBT002 — a query parameter
) -> NotificationList:
    """What the caller was told; with `unread` only what they have not read."""
    query = select(Notification).where(Notification.user_id == caller.user_id)
    if unread:
        query = query.where(Notification.read_at.is_(None))
    found = await page(db, query, wanted, Notification.created_at, Notification.id)
    count = await db.scalar(
        select(func.count())
        .select_from(Notification)
        .where(Notification.user_id == caller.user_id, Notification.read_at.is_(None))
    )
    return NotificationList.model_validate(
        {"notifications": found.rows, "unread": count, **found.position}
    )


@router.patch("/{notification_id}")
async def read_notification(
    db: Db, caller: Caller, now: Now, notification_id: UUID, body: NotificationPatch
) -> NotificationAnswer:
    """Mark a notification as read, or as unread again."""
    notification = await rows.find(db, Notification, notification_id)
    if notification.user_id != caller.user_id:
        raise NotFound("There is no such notification.")
    notification.read_at = now if body.is_read else None
    return NotificationAnswer.model_validate({"notification": notification})

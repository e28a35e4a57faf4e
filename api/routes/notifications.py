"""`/api/notifications`: the caller's own."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.access import Caller, Db, Now, TransactionalRoute
from api.paging import Wanted
from api.schemas.crm import NotificationAnswer, NotificationList, NotificationPatch
from db import crm, rows
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
    found = await crm.list_notifications(db, wanted, caller.user_id, unread=unread)
    count = await crm.count_unread(db, caller.user_id)
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

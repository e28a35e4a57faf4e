"""`/api/conversations`: what contacts and the company have written to each other, contact by contact."""

from fastapi import APIRouter

from api.access import Db, TransactionalRoute
from api.paging import ByOffset
from api.schemas.common import Filter
from api.schemas.messages import ConversationList
from db.inbox import list_conversations as find_conversations

router = APIRouter(prefix="/conversations", tags=["messages"], route_class=TransactionalRoute)


@router.get("")
async def list_conversations(
    db: Db, wanted: ByOffset, *, unread: bool | None = None, search: Filter | None = None
) -> ConversationList:
    """The contacts that have written or were written to: those with unread replies first, then the newest.

    `search` looks into names, e-mail and phone.
    """
    found = await find_conversations(db, wanted, unread=unread, search=search)
    return ConversationList.model_validate({"conversations": found.rows, **found.position})

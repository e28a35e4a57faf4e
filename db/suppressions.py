"""Statements about addresses that nothing may be sent to, as people look at them."""

from sqlalchemy import select

from db.paging import Page, Slice, page
from db.session import Session
from db.tables import Suppression
from domain.enums import Channel


async def list_suppressions(
    session: Session, wanted: Slice, *, channel: Channel | None, search: str | None
) -> Page[Suppression]:
    """The company's suppressed addresses; `search` looks into the address."""
    query = select(Suppression)
    if channel:
        query = query.where(Suppression.channel == channel)
    if search:
        query = query.where(Suppression.address.icontains(search, autoescape=True))
    return await page(session, query, wanted, Suppression.created_at, Suppression.id)

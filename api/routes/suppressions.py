"""`/api/suppressions`."""

from uuid import UUID

from fastapi import APIRouter

from api.access import ADMIN, Db, TransactionalRoute
from api.paging import Wanted
from api.schemas.common import Filter
from api.schemas.suppressions import SuppressionList
from db import rows
from db.suppressions import list_suppressions as find_suppressions
from db.tables import Suppression
from domain.enums import Channel, SuppressionReason
from domain.errors import Conflict

router = APIRouter(prefix="/suppressions", tags=["suppressions"], route_class=TransactionalRoute)


@router.get("")
async def list_suppressions(
    db: Db, wanted: Wanted, channel: Channel | None = None, search: Filter | None = None
) -> SuppressionList:
    """Addresses that nothing is sent to; `search` looks into the address."""
    found = await find_suppressions(db, wanted, channel=channel, search=search)
    return SuppressionList.model_validate({"suppressions": found.rows, **found.position})


@router.delete("/{suppression_id}", status_code=204, dependencies=[ADMIN])
async def lift_suppression(db: Db, suppression_id: UUID) -> None:
    """Try an address again that has bounced or complained. An opt-out is the person's own to take back."""
    suppression = await rows.find(db, Suppression, suppression_id)
    if suppression.reason == SuppressionReason.OPT_OUT:
        raise Conflict("opted_out", "Whoever has opted out is written to again by opting in alone.")
    await db.delete(suppression)

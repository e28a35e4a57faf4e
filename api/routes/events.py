"""`/api/events`."""

from uuid import UUID

from fastapi import APIRouter

from api.access import Db, TransactionalRoute
from api.paging import Wanted
from api.schemas.common import Filter
from api.schemas.events import EventAnswer, EventCreate, EventList
from db.events import list_events as find_events
from services.events import record

router = APIRouter(prefix="/events", tags=["events"], route_class=TransactionalRoute)


@router.post("", status_code=202)
async def create_event(db: Db, body: EventCreate) -> EventAnswer:
    """Say what happened to a contact. It is processed within a second, after those before it."""
    event = await record(db, **body.model_dump())
    return EventAnswer.model_validate({"event": event})


@router.get("")
async def list_events(
    db: Db, wanted: Wanted, contact_id: UUID | None = None, event_name: Filter | None = None
) -> EventList:
    """What happened to the company's contacts: clients' own events, and the system's."""
    found = await find_events(db, wanted, contact_id=contact_id, event_name=event_name)
    return EventList.model_validate({"events": found.rows, **found.position})

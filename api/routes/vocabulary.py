"""`/api/vocabulary`: for the editors of texts, conditions and triggers."""

from fastapi import APIRouter

from api.access import Db, TransactionalRoute
from api.schemas.vocabulary import Vocabulary
from db.vocabulary import custom_names, event_names
from domain import vocabulary

router = APIRouter(prefix="/vocabulary", tags=["campaigns"], route_class=TransactionalRoute)


@router.get("")
async def get_vocabulary(db: Db) -> Vocabulary:
    """What texts, conditions and triggers may name.

    A condition may ask for `enrollment.*` in a step alone, and for `event.*` in a step or a trigger. Beyond those
    listed, every property of an event is a variable and a field, `event.<property>`.
    """
    custom = await custom_names(db)
    return Vocabulary.model_validate(
        {
            "variables": vocabulary.variables(custom),
            "fields": vocabulary.fields(custom),
            "events": vocabulary.events(await event_names(db)),
            "operators": vocabulary.operators(),
        }
    )

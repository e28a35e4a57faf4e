"""`POST /webhooks/twilio/status`: what became of texts."""

from fastapi import APIRouter, Request, Response

from api.access import Now, State
from api.repeats import RepeatableRoute
from api.twilio import twilio_form
from db.feedback import Kind
from db.tables import Execution, Message
from providers.reports import from_twilio, twilio_receipt
from services.feedback import Receipt, hear
from services.links import MESSAGE_STATUS_CALLBACK, STATUS_CALLBACK

router = APIRouter(prefix="/webhooks", tags=["webhooks"], route_class=RepeatableRoute)


@router.post("/twilio/status", status_code=204)
async def twilio_status(
    request: Request, state: State, now: Now, claim: str = "", message: str = ""
) -> Response:
    """Twilio reports on a text: of a campaign, where `claim` names it, or written by hand (`message`)."""
    form = await twilio_form(request, state)
    kind: Kind = Message if message else Execution
    purpose = MESSAGE_STATUS_CALLBACK if message else STATUS_CALLBACK
    tenant_id, row_id = state.tokens.read(purpose, message or claim)
    receipt, report = Receipt("twilio", twilio_receipt(form)), from_twilio(form, now)
    await hear(state.database, state.dispatcher, tenant_id, kind, row_id, receipt, report)
    return Response(status_code=204)

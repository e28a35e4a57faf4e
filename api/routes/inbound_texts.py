"""`/webhooks/twilio/inbound`: what homeowners text back."""

from fastapi import APIRouter, Request, Response

from api.access import State
from api.repeats import RepeatableRoute
from api.twilio import twilio_form
from services.inbound import InboundText, receive

router = APIRouter(prefix="/webhooks", tags=["webhooks"], route_class=RepeatableRoute)

_NO_ANSWER = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


class Twiml(Response):
    """What Twilio is to do."""

    media_type = "text/xml"


@router.post("/twilio/inbound", response_class=Twiml)
async def twilio_inbound(request: Request, state: State) -> Twiml:
    """A text to one of our numbers. Twilio itself confirms a STOP, so nothing is answered."""
    text = InboundText.read(await twilio_form(request, state))
    if text:
        default_number = state.settings.twilio_phone_number
        await receive(state.database, state.dispatcher, text, default_number)
    return Twiml(_NO_ANSWER)

"""What providers tell us: `/webhooks/twilio/status`."""

from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response

from api.access import State
from db.executions import note_provider_id
from db.session import engine
from domain.errors import Forbidden
from providers.signatures import is_from_twilio
from services.links import STATUS_CALLBACK

router = APIRouter(prefix="/webhooks", tags=["webhooks"])


@router.post("/twilio/status", status_code=204)
async def twilio_status(request: Request, state: State, claim: str = "") -> Response:
    """Twilio reports on a text: the proof that it took it, if its answer to the send was lost."""
    posted = (await request.body()).decode(errors="replace")
    form = dict(parse_qsl(posted, keep_blank_values=True))
    query = f"?{request.url.query}" if request.url.query else ""
    url = f"{state.settings.public_url.rstrip('/')}{request.url.path}{query}"
    token = state.settings.twilio_auth_token
    signature = request.headers.get("x-twilio-signature", "")
    if token is None or not is_from_twilio(token, url, form, signature):
        raise Forbidden("The signature is not Twilio's.")
    tenant_id, execution_id = state.tokens.read(STATUS_CALLBACK, claim)
    if message_id := form.get("MessageSid"):
        async with state.database.transaction(engine(tenant_id)) as session:
            await note_provider_id(session, execution_id, message_id)
    return Response(status_code=204)

"""`POST /webhooks/resend`: what became of e-mails, and those that come in."""

import structlog
from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from api.access import Now, State
from api.repeats import RepeatableRoute
from api.state import AppState
from db.tables import Execution, Message
from domain.errors import Forbidden, Invalid
from domain.validation import field_problems
from providers.outcomes import PermanentError, TransientError
from providers.reports import Arrival, ResendWebhook, arrival_in, from_resend, named_by
from providers.signatures import is_from_resend
from services.feedback import Receipt, hear
from services.inbound_email import InboundEmail, receive

_log = structlog.get_logger(__name__)

router = APIRouter(prefix="/webhooks", tags=["webhooks"], route_class=RepeatableRoute)

_MAX_ID = 255


@router.post("/resend", status_code=204)
async def resend(request: Request, state: State, now: Now) -> Response:
    """Resend reports on an e-mail, or announces one. What is not one of ours is accepted and forgotten."""
    body = await request.body()
    secret = state.settings.resend_webhook_secret
    if secret is None or not is_from_resend(secret, request.headers, body):
        raise Forbidden("The signature is not Resend's.")
    webhook_id = request.headers["svix-id"]
    if len(webhook_id) > _MAX_ID:
        raise Invalid.field("svix-id", f"must have {_MAX_ID} characters at most")
    try:
        webhook = ResendWebhook.model_validate_json(body)
    except ValidationError as error:
        raise Invalid(*field_problems(error.errors())) from error
    if arrival := arrival_in(webhook):
        return await _take_in(state, arrival)
    report, named = from_resend(webhook, now), named_by(webhook)
    if report and named:
        about = state.database, state.dispatcher, named.tenant_id
        receipt = Receipt("resend", webhook_id)
        if named.execution_id:
            await hear(*about, Execution, named.execution_id, receipt, report)
        elif named.message_id:
            await hear(*about, Message, named.message_id, receipt, report)
    return Response(status_code=204)


async def _take_in(state: AppState, arrival: Arrival) -> Response:
    """Take an e-mail in. What cannot be fetched now Resend announces again, for ten hours."""
    email = InboundEmail.read(arrival.email_id, arrival.sender, arrival.to, arrival.subject)
    if email is None or state.resend is None:
        return Response(status_code=204)
    try:
        await receive(
            state.database,
            state.dispatcher,
            email,
            state.resend.received,
            state.settings.resend_from_email,
        )
    except TransientError as error:
        _log.warning("e-mail not fetched", email=arrival.email_id, error=str(error))
        return Response(status_code=503)
    except PermanentError as error:
        _log.error("e-mail cannot be fetched", email=arrival.email_id, error=str(error))
    return Response(status_code=204)

"""What Twilio posts to us, and whether it is Twilio."""

from urllib.parse import parse_qsl

from fastapi import Request

from api.state import AppState
from domain.errors import Forbidden
from providers.signatures import is_from_twilio


async def twilio_form(request: Request, state: AppState) -> dict[str, str]:
    """The form of a webhook.

    Raises:
        Forbidden: it is not signed by our account, over the address below `PUBLIC_URL`.
    """
    posted = (await request.body()).decode(errors="replace")
    form = dict(parse_qsl(posted, keep_blank_values=True))
    query = f"?{request.url.query}" if request.url.query else ""
    url = f"{state.settings.public_url.rstrip('/')}{request.url.path}{query}"
    token = state.settings.twilio_auth_token
    signature = request.headers.get("x-twilio-signature", "")
    if token is None or not is_from_twilio(token, url, form, signature):
        raise Forbidden("The signature is not Twilio's.")
    return form

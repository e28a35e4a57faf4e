"""Whether a webhook that came in is the provider's own.

Neither function raises for what a stranger may send; only a secret that is not one raises.
"""

from collections.abc import Mapping

from standardwebhooks import Webhook, WebhookVerificationError
from twilio.request_validator import RequestValidator


def is_from_resend(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Check Resend's signature over the raw body (Svix scheme, no older than 5 minutes).

    `headers` have lower-case names: `svix-id`, `svix-timestamp`, `svix-signature`. Redeliveries are
    signed anew with the same `svix-id`. https://docs.svix.com/receiving/verifying-payloads/how-manual
    """
    names = ("id", "timestamp", "signature")
    signed = {f"webhook-{name}": headers.get(f"svix-{name}", "") for name in names}
    webhook = Webhook(secret)
    try:
        webhook.verify(body, signed, json_parse=False)
    except (WebhookVerificationError, ValueError):
        return False
    return True


def is_from_twilio(auth_token: str, url: str, form: Mapping[str, str], signature: str) -> bool:
    """Check `X-Twilio-Signature` over the public URL, with its query, and the posted form.

    It has no timestamp: what may not happen twice is deduplicated by the caller.
    https://www.twilio.com/docs/usage/security#validating-requests
    """
    return bool(RequestValidator(auth_token).validate(url, dict(form), signature))

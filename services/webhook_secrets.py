"""The secret with which a tenant's webhooks are signed."""

import base64
import hashlib
import hmac
from uuid import UUID


def webhook_secret(secret_key: str, tenant_id: UUID) -> str:
    """Derived from `SECRET_KEY`, so that nothing secret is stored; in the form that Standard Webhooks uses."""
    digest = hmac.digest(secret_key.encode(), b"webhook:" + tenant_id.bytes, hashlib.sha256)
    return f"whsec_{base64.b64encode(digest).decode()}"

"""What the local stack's programs find in their environment; the person's own variables win."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dev.process import StackError

PASSED_ON_BY_THE_SANDBOX = "100"
"""Messages a second; a sandbox is not to be spared."""


@dataclass(frozen=True, kw_only=True)
class StackSettings:
    """Where the local stack lives, and which of its servers are somebody else's."""

    data_dir: Path
    api_port: int
    temporal_port: int
    temporal_ui_port: int
    sandbox_port: int
    own_database: bool
    own_temporal: bool
    own_email: bool
    own_sms: bool

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "StackSettings":
        """Read them from the environment.

        Raises:
            StackError: A port is not a number.
        """
        return cls(
            data_dir=Path(environment.get("CAMPAIGNS_DATA_DIR", ".data")).resolve(),
            api_port=_port(environment, "CAMPAIGNS_PORT", 8000),
            temporal_port=_port(environment, "TEMPORAL_PORT", 7233),
            temporal_ui_port=_port(environment, "TEMPORAL_UI_PORT", 8233),
            sandbox_port=_port(environment, "SANDBOX_PORT", 8025),
            own_database="DATABASE_URL" in environment,
            own_temporal="TEMPORAL_ADDRESS" in environment,
            own_email="RESEND_API_KEY" in environment,
            own_sms="TWILIO_ACCOUNT_SID" in environment,
        )

    @property
    def needs_sandbox(self) -> bool:
        """Whether a provider is left that the sandbox has to play."""
        return not (self.own_email and self.own_sms)

    @property
    def ports(self) -> dict[str, int]:
        """The ports that the stack listens on, by the variable that changes each."""
        ports = {"CAMPAIGNS_PORT": self.api_port}
        if not self.own_temporal:
            ports["TEMPORAL_PORT"] = self.temporal_port
            ports["TEMPORAL_UI_PORT"] = self.temporal_ui_port
        if self.needs_sandbox:
            ports["SANDBOX_PORT"] = self.sandbox_port
        return ports

    @property
    def api_url(self) -> str:
        """The API and the web UI, for a browser on this machine."""
        return f"http://localhost:{self.api_port}"

    @property
    def temporal_ui_url(self) -> str:
        """The Temporal UI, for a browser on this machine."""
        return f"http://localhost:{self.temporal_ui_port}"

    @property
    def sandbox_url(self) -> str:
        """The provider sandbox."""
        return f"http://localhost:{self.sandbox_port}"


def children_environment(
    settings: StackSettings,
    environment: Mapping[str, str],
    *,
    database_url: str | None,
    temporal_address: str | None,
) -> dict[str, str]:
    """The environment of migrations, seed, worker, API and sandbox.

    Args:
        settings: The stack's.
        environment: The person's own; each variable in it stays as it is.
        database_url: The embedded PostgreSQL, where there is one.
        temporal_address: The dev server, where there is one.
    """
    secret = _secret_key(settings.data_dir)
    defaults = {
        "CAMPAIGNS_ENV": "development",
        "CAMPAIGNS_PORT": str(settings.api_port),
        "SECRET_KEY": secret,
        "PUBLIC_URL": settings.api_url,
        "PYTHONUNBUFFERED": "1",
    }
    if database_url is not None:
        defaults["DATABASE_URL"] = database_url
    if temporal_address is not None:
        defaults["TEMPORAL_ADDRESS"] = temporal_address
        defaults["TEMPORAL_UI_URL"] = settings.temporal_ui_url
    if settings.needs_sandbox:
        port = settings.sandbox_port
        defaults["WEBHOOK_ALLOW_HOSTS"] = f"localhost:{port},127.0.0.1:{port}"
    # A provider of the person's own gets none of these: its key never goes with the sandbox's URL,
    # nor the sandbox's pace with its account.
    if not settings.own_email:
        defaults |= {
            "RESEND_API_KEY": "re_sandbox",
            "RESEND_API_URL": f"{settings.sandbox_url}/resend",
            "RESEND_FROM_EMAIL": "hello@demo.example",
            "RESEND_WEBHOOK_SECRET": f"whsec_{_derived(secret, 'resend')}",
        }
        if "RESEND_API_URL" not in environment:
            defaults["RESEND_RATE_PER_SECOND"] = PASSED_ON_BY_THE_SANDBOX
    if not settings.own_sms:
        defaults |= {
            "TWILIO_ACCOUNT_SID": f"AC{'0' * 32}",
            "TWILIO_API_URL": f"{settings.sandbox_url}/twilio",
            "TWILIO_AUTH_TOKEN": _derived(secret, "twilio"),
            "TWILIO_PHONE_NUMBER": "+13125550100",
        }
        if "TWILIO_API_URL" not in environment:
            defaults["TWILIO_RATE_PER_SECOND"] = PASSED_ON_BY_THE_SANDBOX
    return defaults | dict(environment)


def sandbox_environment(settings: StackSettings, environment: Mapping[str, str]) -> dict[str, str]:
    """What of the children's environment the sandbox gets: no secrets of a person's own accounts."""
    own = {"RESEND_": settings.own_email, "TWILIO_": settings.own_sms}
    hidden = tuple(prefix for prefix, is_own in own.items() if is_own)
    return {name: value for name, value in environment.items() if not name.startswith(hidden)}


def _port(environment: Mapping[str, str], variable: str, default: int) -> int:
    value = environment.get(variable, str(default))
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise StackError(f"{variable} is {value!r}, which is no port.")
    return int(value)


def _secret_key(data_dir: Path) -> str:
    """Made once, so that sessions and links survive a restart."""
    file = data_dir / "secret_key"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_text()


def _derived(secret: str, purpose: str) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), purpose.encode(), hashlib.sha256)).decode()

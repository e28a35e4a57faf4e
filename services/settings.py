"""The installation's settings, read once from the environment by whoever starts a process."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from domain.enums import StepType

_SECRET_LENGTH = 32
_SECRET_VARIETY = 8
"""Different characters: a random key has more, a repeated word has fewer."""


class Settings(BaseSettings):
    """What the README's table of variables says. An empty variable counts as unset."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True)

    database_url: str
    campaigns_env: Literal["production", "development"] = "production"
    secret_key: str = ""
    public_url: str = "http://localhost:8000"
    campaigns_host: str = "127.0.0.1"
    campaigns_port: int = 8000
    forwarded_allow_ips: str | None = None
    web_dist: Path = Path(__file__).parents[1] / "web" / "dist"
    webhook_allow_hosts: Annotated[frozenset[str], NoDecode] = frozenset()

    resend_api_key: str | None = None
    resend_from_email: str | None = None
    resend_webhook_secret: str | None = None
    resend_api_url: str = "https://api.resend.com"
    resend_rate_per_second: float = Field(default=2, gt=0)
    resend_rate_per_company: float | None = Field(default=None, gt=0)

    twilio_account_sid: str | None = None
    twilio_auth_token: str | None = None
    twilio_phone_number: str | None = None
    twilio_api_url: str = "https://api.twilio.com"
    twilio_rate_per_second: float = Field(default=1, gt=0)
    twilio_rate_per_company: float | None = Field(default=None, gt=0)

    webhook_rate_per_company: float = Field(default=10, gt=0)

    temporal_ui_url: str | None = None
    temporal_deployment_name: str = Field(default="campaign-builder", pattern=r"^[^.]+$")
    temporal_worker_build_id: str | None = None
    temporal_worker_becomes_current: bool = False

    @field_validator("webhook_allow_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return frozenset(host.strip().lower() for host in value.split(",") if host.strip())
        return value

    @model_validator(mode="after")
    def _strong_in_production(self) -> Self:
        weak = len(self.secret_key) < _SECRET_LENGTH or len(set(self.secret_key)) < _SECRET_VARIETY
        if self.is_production and weak:
            raise ValueError(
                f"SECRET_KEY must be {_SECRET_LENGTH} random characters at least: openssl rand -base64 48"
            )
        return self

    @property
    def is_production(self) -> bool:
        """Whether demo keys and weak secrets are refused."""
        return self.campaigns_env == "production"

    @property
    def rates(self) -> dict[StepType, float]:
        """What the providers' accounts allow, a second, for all tenants together."""
        return {
            StepType.SEND_EMAIL: self.resend_rate_per_second,
            StepType.SEND_SMS: self.twilio_rate_per_second,
        }

    @property
    def rates_per_company(self) -> dict[StepType, float | None]:
        """What one company may do a second, None where it may have all that there is."""
        return {
            StepType.SEND_EMAIL: self.resend_rate_per_company,
            StepType.SEND_SMS: self.twilio_rate_per_company,
            StepType.WEBHOOK: self.webhook_rate_per_company,
        }

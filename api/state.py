"""What the process holds for all requests, built once in `api.app`."""

from asyncio import Semaphore
from dataclasses import dataclass

from fastapi import Request
from temporalio.client import Client

from api.limits import RateLimits
from db.session import Database
from domain.enums import StepType
from providers.resend import ResendEmail
from services.envelopes import Envelopes
from services.links import Links
from services.settings import Settings
from services.temporal import Dispatcher, workflow_url
from services.tokens import Tokens


@dataclass(frozen=True, slots=True)
class AppState:
    """The dependencies of the routes. `test_runs` is held by those that walk."""

    settings: Settings
    database: Database
    temporal: Client
    dispatcher: Dispatcher
    tokens: Tokens
    links: Links
    resend: ResendEmail | None
    limits: RateLimits
    test_runs: Semaphore

    @property
    def envelopes(self) -> Envelopes:
        """The senders of the installation."""
        return Envelopes.of(self.settings, self.links)

    @property
    def rates(self) -> dict[StepType, float]:
        """What the providers' accounts allow, a second."""
        return self.settings.rates

    def temporal_url(self, workflow_id: str) -> str | None:
        """Where operators look into a workflow; None if Temporal's pages are not known."""
        if self.settings.temporal_ui_url is None:
            return None
        return workflow_url(self.settings.temporal_ui_url, self.temporal.namespace, workflow_id)


def state_of(request: Request) -> AppState:
    """The state of the process that answers."""
    state: AppState = request.app.state.services
    return state

"""A company of its own for each test, and what its people and its contacts can do."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import update
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import TimeSkipper

from db.session import Database, engine, person
from db.tables import Execution
from dev.sandbox.homeowner import Homeowner
from dev.sandbox.product import Answer, Call, Send
from domain.enums import Role
from services.companies import create_company, create_key, create_user

Json = dict[str, Any]

EMAIL = {
    "step_type": "send_email",
    "step_config": {"subject": "Hello {{ first_name }}", "html": "<p>Hi {{ first_name }}</p>"},
}
TEXT = {"step_type": "send_sms", "step_config": {"body": "Hi {{ first_name }}"}}
PATIENCE = 90.0
"""Seconds for what comes within one on an idle machine: a busy one may hold everything up for many."""

ALWAYS = {
    "start": 0,
    "end": 24,
    "days": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
}


@dataclass
class Caller:
    """Somebody with an API key."""

    http: httpx.AsyncClient
    key: str

    async def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.key}", **options.pop("headers", {})}
        return await self.http.request(method, f"/api{path}", headers=headers, **options)

    async def get(self, path: str, **params: Any) -> Json:
        return _body(await self.request("GET", path, params=params))

    async def post(self, path: str, body: Json | None = None) -> Json:
        return _body(await self.request("POST", path, json=body or {}))

    async def patch(self, path: str, body: Json) -> Json:
        return _body(await self.request("PATCH", path, json=body))

    async def put(self, path: str, body: Json) -> Json:
        return _body(await self.request("PUT", path, json=body))

    async def delete(self, path: str) -> Json:
        return _body(await self.request("DELETE", path))


def _body(response: httpx.Response) -> Json:
    assert response.is_success, f"{response.status_code}: {response.text}"
    body: Json = response.json() if response.content else {}
    return body


@dataclass
class World:
    """One company. `admin`, `manager` and `staff` are keys of its three roles.

    `homeowner` does what its contacts do with their messages; only the `world` fixture has one.
    """

    tenant_id: UUID
    admin: Caller
    manager: Caller
    staff: Caller
    user_ids: dict[Role, UUID]
    temporal: Client
    sandbox: httpx.AsyncClient
    database: Database
    skipper: TimeSkipper = field(init=False)
    homeowner: Homeowner = field(init=False)

    def __post_init__(self) -> None:
        self.skipper = TimeSkipper(self.temporal)

    async def create_contact(self, **values: Any) -> Json:
        number = uuid4().int % 10_000_000
        contact = {
            "first_name": "Ann",
            "last_name": "Lee",
            "email": f"ann.{uuid4().hex[:10]}@home.example",
            "phone": f"+1303{number:07d}",
            "sms_consent": True,
            **values,
        }
        body: Json = (await self.admin.post("/contacts", contact))["contact"]
        return body

    async def create_campaign(self, *steps: Json, activate: bool = True, **values: Any) -> Json:
        body = {
            "name": "Storm follow-up",
            "campaign_type": "drip",
            "respect_business_hours": False,
            **values,
        }
        campaign: Json = (await self.admin.post("/campaigns", body))["campaign"]
        for step in steps:
            await self.add_step(campaign, **step)
        if activate:
            campaign = await self.activate(campaign)
        return campaign

    async def add_step(self, campaign: Json, **step: Any) -> Json:
        answer = await self.admin.post(f"/campaigns/{campaign['id']}/steps", step)
        body: Json = answer["step"]
        return body

    async def activate(self, campaign: Json) -> Json:
        answer = await self.admin.patch(f"/campaigns/{campaign['id']}", {"status": "active"})
        body: Json = answer["campaign"]
        return body

    async def enroll(self, campaign: Json, contact: Json, **values: Any) -> Json:
        answer = await self.admin.post(
            f"/campaigns/{campaign['id']}/enrollments", {"contact_id": contact["id"], **values}
        )
        body: Json = answer["enrollment"]
        return body

    async def detail(self, enrollment: Json) -> Json:
        path = f"/campaigns/{enrollment['campaign_id']}/enrollments/{enrollment['id']}"
        body: Json = (await self.admin.get(path))["enrollment"]
        return body

    def workflow(self, enrollment: Json) -> WorkflowHandle[Any, Any]:
        return self.temporal.get_workflow_handle(f"enrollment-{enrollment['id']}")

    async def pass_time(self, enrollment: Json, **length: float) -> None:
        """Let the enrollment's clock run ahead."""
        await self.skipper.fast_forward(self.workflow(enrollment), timedelta(**length))

    async def until(
        self, enrollment: Json, holds: Callable[[Json], bool], seconds: float = PATIENCE
    ) -> Json:
        """The enrollment, as soon as it is as it should be."""
        latest: Json = {}

        async def check() -> bool:
            nonlocal latest
            latest = await self.detail(enrollment)
            return holds(latest)

        try:
            await eventually(check, seconds)
        except TimeoutError as error:
            raise AssertionError(f"it did not come to be: {latest}") from error
        return latest

    async def finished(self, enrollment: Json) -> Json:
        """The enrollment, when it is over."""
        return await self.until(enrollment, lambda now: now["status"] not in ("active", "paused"))

    async def read_later(self) -> None:
        """Let a minute pass since the sends: who opens or clicks within 2 seconds is a machine."""
        async with self.database.transaction(engine(self.tenant_id)) as session:
            earlier = Execution.sent_at - timedelta(minutes=1)
            await session.execute(update(Execution).values(sent_at=earlier))

    async def messages(self, to: str | None) -> list[Json]:
        """What the sandbox got for this address or number, oldest first."""
        answer = (await self.sandbox.get("/messages", params={"to": to or "", "limit": 200})).json()
        return list(reversed(answer["messages"]))


def noon_zone() -> str:
    """A zone in which it is now between noon and one, so that texts may go out at any hour of a test."""
    return f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"


def night_zone() -> str:
    """A zone in which it is now between two and three in the night."""
    return f"Etc/GMT{(datetime.now(UTC).hour - 2 + 11) % 24 - 11:+d}"


async def eventually(holds: Callable[[], Awaitable[bool]], seconds: float = PATIENCE) -> None:
    """Wait until it holds. Who waits for long asks less often, as asking takes what the others need."""
    pause = 0.03
    async with asyncio.timeout(seconds):
        while not await holds():
            await asyncio.sleep(pause)
            pause = min(pause * 1.2, 0.5)


def sender(api: httpx.AsyncClient) -> Send:
    """Let the homeowner's calls come to the API of the tests."""

    async def send(call: Call) -> Answer:
        response = await api.request(
            call.method, call.url, headers=call.headers, content=call.body, follow_redirects=False
        )
        return Answer(response.status_code, response.headers.get("location"))

    return send


async def create_world(
    http: httpx.AsyncClient, temporal: Client, sandbox: httpx.AsyncClient, database: Database
) -> World:
    """A company with all its settings, a user and a key for each role."""
    tenant_id = await create_company(
        database,
        "Ridge Roofing",
        postal_address="1 Ridge Road, Denver, CO 80202",
        timezone="America/Denver",
        review_link="https://reviews.example/ridge",
        calendar_link="https://calendar.example/ridge",
        booking_link="https://booking.example/ridge",
        from_email="hello@ridge.example",
        from_name="Ridge Roofing",
        sms_number="+13035550199",
    )
    callers, user_ids = {}, {}
    async with database.transaction(person(tenant_id, tenant_id, Role.ADMIN)) as session:
        for role in Role:
            user = await create_user(
                session,
                email=f"{role}@ridge.example",
                name=f"Rob {role.title()}",
                role=role,
                password=None,
                phone="+13035550101",
            )
            key = f"cb_{uuid4().hex}"
            await create_key(session, user, role, key)
            callers[role], user_ids[role] = Caller(http, key), user.id
    return World(
        tenant_id,
        callers[Role.ADMIN],
        callers[Role.MANAGER],
        callers[Role.STAFF],
        user_ids,
        temporal,
        sandbox,
        database,
    )

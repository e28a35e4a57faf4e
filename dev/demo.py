"""`make demo`: two weeks of a campaign in seconds, on the running stack, as a client of its API.

Eight homeowners are enrolled through the API; then each enrollment's own clock is run ahead, a day at a time, by the
dev server's time skipping. What happened on that day is told, and what the homeowners did about it: they open, click,
reply, opt out and buy, by way of the sandbox.
"""

import asyncio
import os
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkipper

from dev.demo_data import CAMPAIGN, CONTACTS, STEPS
from dev.demo_homeowners import HABITS, READING_SECONDS, Event, Habit, message_id
from dev.environment import StackSettings
from dev.process import StackError
from dev.seed import KEYS
from domain.enums import Role
from services.temporal import connect, workflow_id

Json = dict[str, Any]

DAYS = 14
PATIENCE_SECONDS = 15
COUNTED = ("emails_sent", "emails_opened", "emails_clicked", "sms_sent", "sms_replied")
ZONE = ZoneInfo("America/Denver")
NO_STACK = "There is no running stack: start it with 'make run', then come back."


class Demo:
    """One campaign, its contacts, and the enrollments that lead them through it.

    Without a sandbox that plays both providers, nobody does anything about what they get.
    """

    def __init__(
        self, api: httpx.AsyncClient, temporal: Client, sandbox: httpx.AsyncClient | None
    ) -> None:
        self._api = api
        self._sandbox = sandbox
        self._skipper = TimeSkipper(temporal)
        self._temporal = temporal
        self._steps: dict[str, str] = {}
        self._told: set[str] = set()

    async def run(self) -> None:
        """Build, enroll, let two weeks pass, and count."""
        campaign = await self._build()
        print(f"\n“{campaign['name']}” has {len(STEPS)} steps and is active.\n")
        people: dict[str, Json] = {}
        for values in CONTACTS:
            contact = (await self._call("POST", "/contacts", values))["contact"]
            body = {"contact_id": contact["id"]}
            path = f"/campaigns/{campaign['id']}/enrollments"
            enrollment = (await self._call("POST", path, body))["enrollment"]
            people[f"{contact['first_name']} {contact['last_name']}"] = enrollment
        print(f"{len(people)} homeowners are enrolled. Two weeks pass:\n")
        for _ in range(DAYS):
            await asyncio.gather(*(self._pass_a_day(enrollment) for enrollment in people.values()))
            news = await self._tell(people)
            if self._sandbox is not None:
                await self._react(self._sandbox, people, news)
        await self._count(campaign)

    async def _build(self) -> Json:
        campaign: Json = (await self._call("POST", "/campaigns", CAMPAIGN))["campaign"]
        path = f"/campaigns/{campaign['id']}"
        ids: dict[str, str] = {}
        for name, step in STEPS.items():
            parent = step.get("parent_step_id")
            body = {**step, "parent_step_id": ids[parent]} if parent else step
            ids[name] = (await self._call("POST", f"{path}/steps", body))["step"]["id"]
        self._steps = {step_id: name for name, step_id in ids.items()}
        return dict((await self._call("PATCH", path, {"status": "active"}))["campaign"])

    async def _pass_a_day(self, enrollment: Json) -> None:
        handle = self._temporal.get_workflow_handle(workflow_id(enrollment["id"]))
        try:
            await self._skipper.fast_forward(handle, timedelta(days=1))
        except RPCError as error:
            if error.status is RPCStatusCode.UNAVAILABLE:
                raise
            return  # it is over, and has no clock any more

    async def _tell(self, people: dict[str, Json]) -> list[tuple[str, Json]]:
        """Print what has happened since the last time, in the order in which it did."""
        news = []
        for name, enrollment in people.items():
            people[name] = latest = await self._latest(enrollment)
            news += [
                (name, execution)
                for execution in latest["executions"]
                if execution["completed_at"] and execution["id"] not in self._told
            ]
        news.sort(key=lambda item: item[1]["completed_at"])
        for name, execution in news:
            self._told.add(execution["id"])
            local = datetime.fromisoformat(execution["completed_at"]).astimezone(ZONE)
            why = f": {execution['error_message']}" if execution["error_message"] else ""
            print(
                f"  {local:%a %d %b %H:%M}  {name:15} {execution['step_type']:14}"
                f" {execution['status']}{why}"
            )
        return news

    async def _react(
        self, sandbox: httpx.AsyncClient, people: dict[str, Json], news: list[tuple[str, Json]]
    ) -> None:
        """Let the homeowners do what they are wont to do about the messages that came."""
        reactions = [
            (name, message, habit)
            for name, execution in news
            if (habit := HABITS.get((name.split()[0], self._steps[execution["step_id"]])))
            and (message := message_id(execution))
        ]
        if reactions:
            await asyncio.sleep(READING_SECONDS)
        for name, message, habit in reactions:
            await self._do(sandbox, message, habit, people[name])
            told = ", ".join(deed.told for deed in habit.does)
            if habit.leaves:
                people[name] = await self._ended(people[name])
                told += f" ({_words(people[name]['exit_reason'])})"
            print(f"  {'':16}  {name:15} {told}")

    async def _do(
        self, sandbox: httpx.AsyncClient, message: str, habit: Habit, enrollment: Json
    ) -> None:
        for deed in habit.does:
            if isinstance(deed, Event):
                body = {"event_name": deed.name, "contact_id": enrollment["contact_id"]}
                await self._call("POST", "/events", {**body, "properties": deed.properties})
                continue
            response = await sandbox.post(f"/messages/{message}/{deed.path}", json=deed.body)
            if not response.is_success or response.json()["status"] >= 400:
                raise StackError(f"{deed.path} of {message}: {response.text}")

    async def _ended(self, enrollment: Json) -> Json:
        """The enrollment, when it is over; it takes a moment until what was heard has been acted on."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (latest := await self._latest(enrollment))["status"] == "active":
            if time.monotonic() > deadline:
                raise StackError(f"Enrollment {enrollment['id']} goes on; is the worker alive?")
            await asyncio.sleep(0.1)
        return latest

    async def _latest(self, enrollment: Json) -> Json:
        path = f"/campaigns/{enrollment['campaign_id']}/enrollments/{enrollment['id']}"
        return dict((await self._call("GET", path))["enrollment"])

    async def _count(self, campaign: Json) -> None:
        path = f"/campaigns/{campaign['id']}"
        campaign = (await self._call("GET", path))["campaign"]
        listed = (await self._call("GET", f"{path}/enrollments"))["enrollments"]
        endings = Counter(e["exit_reason"] or e["status"] for e in listed)
        totals = {name: sum(e[name] for e in listed) for name in COUNTED}
        ended = ", ".join(f"{count} {_words(ending)}" for ending, count in endings.most_common())
        sums = ", ".join(f"{_words(name)}: {count}" for name, count in totals.items())
        print(f"\nAfter two weeks: {ended}.")
        print(f"{sums.capitalize()}. Revenue: ${Decimal(campaign['total_revenue']):,}.")
        print(f"The enrollments: GET {self._api.base_url}campaigns/{campaign['id']}/enrollments")

    async def _call(self, method: str, path: str, body: Json | None = None) -> Json:
        response = await self._api.request(method, path.removeprefix("/"), json=body)
        if not response.is_success:
            raise StackError(f"{method} {path} answered {response.status_code}: {response.text}")
        return dict(response.json())


def _words(name: str) -> str:
    return name.replace("_", " ")


@asynccontextmanager
async def _demo(settings: StackSettings) -> AsyncIterator[Demo]:
    headers = {"Authorization": f"Bearer {KEYS[Role.ADMIN]}"}
    url = f"{settings.api_url}/api/"
    async with (
        httpx.AsyncClient(base_url=url, headers=headers, trust_env=False, timeout=30) as api,
        httpx.AsyncClient(base_url=settings.sandbox_url, trust_env=False) as sandbox,
    ):
        try:
            temporal = await connect()
        except RuntimeError as error:  # what the SDK raises where nobody answers
            raise StackError(NO_STACK) from error
        plays_both = os.environ.keys() >= {"RESEND_API_URL", "TWILIO_API_URL"}
        yield Demo(api, temporal, sandbox if plays_both else None)


def load_stack(file: Path) -> None:
    """Find the running stack by what it has written down."""
    if not file.exists():
        raise StackError(NO_STACK)
    for line in file.read_text().splitlines():
        name, _, value = line.partition("=")
        os.environ.setdefault(name, value)


async def main() -> None:
    """Find the stack, and run the demo on it."""
    settings = StackSettings.read(os.environ)
    load_stack(settings.data_dir / "stack.env")
    try:
        async with _demo(settings) as demo:
            await demo.run()
    except (httpx.TransportError, RPCError) as error:  # it crashed, or starts again
        raise StackError(NO_STACK) from error
    if settings.needs_sandbox:
        print(f"What they got:   {settings.sandbox_url}, where you can be the homeowner yourself")
    print(f"The workflows:   {settings.temporal_ui_url}")
    # The SDK's threads need a moment, or the interpreter may crash on its way out
    # (temporalio/sdk-python issue 300).
    await asyncio.sleep(0.2)


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except StackError as error:
        sys.exit(str(error))

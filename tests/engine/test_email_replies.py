"""A reply by e-mail ends a drip; an answering machine's does not."""

from typing import Any

import httpx
import pytest

from dev.sandbox import Store
from services.settings import Settings
from tests.engine.helpers import after
from tests.mailbox import Mailbox
from tests.world import EMAIL, Json, World, eventually

DRIP = (EMAIL, after(EMAIL, 3, "days"))


@pytest.fixture
def mailbox(api: httpx.AsyncClient, settings: Settings, sandbox_store: Store) -> Mailbox:
    return Mailbox(api, settings, sandbox_store)


async def on_the_way(world: World, **campaign: Any) -> tuple[Json, Json]:
    """An enrollment that has sent its first e-mail, and its contact."""
    contact = await world.create_contact()
    enrollment = await world.enroll(await world.create_campaign(*DRIP, **campaign), contact)
    return await world.until(enrollment, lambda now: now["emails_sent"] == 1), contact


async def test_reply_while_waiting_ends_the_drip(world: World) -> None:
    enrollment, contact = await on_the_way(world)
    (message,) = await world.messages(contact["email"])

    await world.homeowner.reply(message, "Yes, please come.")

    ended = await world.finished(enrollment)
    assert (ended["status"], ended["exit_reason"]) == ("exited", "replied")
    listed = await world.staff.get(f"/contacts/{contact['id']}/messages")
    assert [each["direction"] for each in listed["messages"]] == ["inbound", "outbound"]


async def test_reply_is_shown_at_the_email_that_it_answers(world: World) -> None:
    enrollment, contact = await on_the_way(world, exit_on_reply=False)
    (message,) = await world.messages(contact["email"])

    await world.homeowner.reply(message, "Yes, please come.")

    replied = await world.until(enrollment, lambda now: bool(now["executions"][0]["replied_at"]))
    assert replied["status"] == "active"


async def test_answering_machine_does_not_end_the_drip(world: World, mailbox: Mailbox) -> None:
    enrollment, contact = await on_the_way(world)

    await mailbox.write(contact["email"], headers={"auto-submitted": "auto-replied"})

    async def is_kept() -> bool:
        path = f"/contacts/{contact['id']}/messages"
        return bool((await world.staff.get(path, direction="inbound"))["total"])

    await eventually(is_kept)
    await world.pass_time(enrollment, days=4)
    ended = await world.finished(enrollment)
    assert (ended["status"], ended["emails_sent"]) == ("completed", 2)

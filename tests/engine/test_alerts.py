"""The admins of a company are told when something needs them: in the application, and by e-mail."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import pytest

from activities.alerts import AlertMail, alert_mail_of
from db.session import Database
from services.reconcile import Reconciler
from services.settings import Settings
from services.temporal import Dispatcher
from tests.engine.conftest import Faults
from tests.engine.helpers import after
from tests.world import EMAIL, TEXT, Caller, Json, World, create_world, noon_zone

REFUSED = {"email": "bounce@home.example"}
"""The sandbox's Resend refuses the mailbox `bounce` for good."""


@pytest.fixture
async def mail(settings: Settings, database: Database) -> AsyncIterator[AlertMail]:
    async with alert_mail_of(settings, database) as mail:
        yield mail


@pytest.fixture
async def owner(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    """Whoever makes rows older than they are."""
    connection = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.close()


async def send(world: World, campaign: Json, count: int, **contact: object) -> None:
    """Enroll so many contacts; their walks are over when it returns, and what follows of them is done."""
    contacts = [await world.create_contact(**contact) for _ in range(count)]
    enrollments = [await world.enroll(campaign, each) for each in contacts]
    for enrollment in enrollments:
        await world.workflow(enrollment).result()


async def told(who: Caller) -> list[str]:
    """The titles of what somebody was told, oldest first."""
    answer = await who.get("/notifications")
    return [each["title"] for each in reversed(answer["notifications"])]


async def alert(world: World, name: str = "Storm") -> Json:
    """A campaign of which an alert has just been raised."""
    campaign = await world.create_campaign(EMAIL, name=name)
    await send(world, campaign, 3, **REFUSED)
    return campaign


async def listen(world: World, mailbox: str = "boss") -> str:
    """Have the alerts of the company mailed, to an address of its own."""
    address = f"{mailbox}@{uuid4().hex[:8]}.example"
    await world.admin.patch("/settings", {"alert_email": address})
    return address


async def test_third_failure_of_a_day_is_told_to_the_admins_once(world: World) -> None:
    campaign = await world.create_campaign(EMAIL, name="Storm")
    await send(world, campaign, 2, **REFUSED)
    assert await told(world.admin) == []

    for _ in range(2):
        await send(world, campaign, 1, **REFUSED)

    (notice,) = (await world.admin.get("/notifications"))["notifications"]
    assert notice["title"] == "Messages of “Storm” are failing"
    assert notice["message"].startswith(
        "3 messages of this campaign failed for good in the last 24 hours. The latest error: Resend 422"
    )
    assert notice["campaign_id"] == campaign["id"]
    assert await told(world.manager) == await told(world.staff) == []


async def test_every_active_admin_is_told_of_each_campaign(world: World) -> None:
    second = {"email": f"{uuid4().hex}@ridge.example", "name": "Sue", "role": "admin"}
    gone = {**second, "email": f"{uuid4().hex}@ridge.example", "name": "Tom"}
    keys = {}
    for user in (second, gone):
        user_id = (await world.admin.post("/users", user))["user"]["id"]
        body = {"name": "key", "role": "admin", "user_id": user_id}
        key = (await world.admin.post("/api-keys", body))["api_key"]["key"]
        keys[user["name"]] = Caller(world.admin.http, key)
        if user is gone:
            await world.admin.patch(f"/users/{user_id}", {"is_active": False})

    for name in ("Storm", "Hail"):
        await alert(world, name)

    both = ["Messages of “Storm” are failing", "Messages of “Hail” are failing"]
    assert await told(world.admin) == both
    assert await told(keys["Sue"]) == both


async def test_texts_without_consent_are_told_when_they_are_many(world: World) -> None:
    campaign = await world.create_campaign(TEXT, name="Storm")
    await send(world, campaign, 9, sms_consent=False)
    # An opt-out is the contact's own wish: nothing is missing.
    await send(world, campaign, 3, sms_opt_out=True)
    assert await told(world.admin) == []

    await send(world, campaign, 1, sms_consent=False)

    (notice,) = (await world.admin.get("/notifications"))["notifications"]
    assert notice["title"] == "Many contacts in “Storm” have not agreed to texts"
    assert notice["message"].startswith("10 of the last 13 texts of this campaign were not sent")


async def test_opt_outs_of_email_are_no_missing_consent(world: World) -> None:
    await send(world, await world.create_campaign(EMAIL), 12, email_opt_out=True)
    assert await told(world.admin) == []


async def test_alert_is_mailed_once_with_a_link_to_the_campaign(
    world: World, mail: AlertMail
) -> None:
    address = await listen(world)
    campaign = await alert(world)

    for _ in range(2):
        await mail.send_due()

    (message,) = await world.messages(address)
    assert message["subject"] == "Messages of “Storm” are failing"
    assert "hello@roofing.example" in message["from"]
    assert "3 messages of this campaign failed for good" in message["text"]
    assert f"http://campaigns.test/campaigns/{campaign['id']}" in message["text"]


async def test_company_without_an_alert_address_gets_no_mail(world: World, mail: AlertMail) -> None:
    address = await listen(world)
    await world.admin.patch("/settings", {"alert_email": None})
    await alert(world)

    await mail.send_due()
    await world.admin.patch("/settings", {"alert_email": address})
    await mail.send_due()

    assert await world.messages(address) == []
    assert len(await told(world.admin)) == 1


async def test_mail_that_fails_for_now_is_sent_in_a_later_round(
    world: World, mail: AlertMail, faults: Faults
) -> None:
    address = await listen(world)
    await alert(world)
    await faults(resend={"mode": "error_500"})

    await mail.send_due()
    assert await world.messages(address) == []
    await faults(resend={})
    await mail.send_due()

    assert len(await world.messages(address)) == 1


async def test_answer_that_is_lost_mails_an_alert_once(
    world: World, mail: AlertMail, faults: Faults
) -> None:
    address = await listen(world)
    await alert(world)
    await faults(resend={"mode": "accept_then_500", "count": 1})

    for _ in range(3):
        await mail.send_due()

    assert len(await world.messages(address)) == 1


async def test_alert_that_cannot_be_mailed_keeps_no_other_company_waiting(
    world: World, mail: AlertMail
) -> None:
    await listen(world, mailbox="bounce")
    other = await create_world(world.admin.http, world.temporal, world.sandbox, world.database)
    address = await listen(other)
    for company in (world, other):
        await alert(company)

    await mail.send_due()

    assert len(await other.messages(address)) == 1


async def test_alert_of_the_day_before_is_not_mailed_any_more(
    world: World, mail: AlertMail, owner: asyncpg.Connection
) -> None:
    address = await listen(world)
    await alert(world)
    await owner.execute(
        "update alerts set created_at = created_at - interval '25 hours' where tenant_id = $1",
        world.tenant_id,
    )

    await mail.send_due()

    assert await world.messages(address) == []


async def test_alert_is_raised_again_on_the_next_day(
    world: World, owner: asyncpg.Connection
) -> None:
    campaign = await alert(world)
    await owner.execute("update alerts set day = day - 1 where tenant_id = $1", world.tenant_id)

    await send(world, campaign, 1, **REFUSED)

    first, again = (await world.admin.get("/notifications"))["notifications"][::-1]
    assert first["title"] == again["title"]
    assert again["message"].startswith("4 messages of this campaign failed for good")


class TestStalled:
    """An enrollment that a provider keeps waiting for hours."""

    @pytest.fixture
    async def stuck(self, world: World, faults: Faults, owner: asyncpg.Connection) -> Json:
        await faults(resend={"mode": "error_500"})
        campaign = await world.create_campaign(EMAIL, name="Storm")
        enrollment = await world.enroll(campaign, await world.create_contact())
        await world.until(
            enrollment,
            lambda now: "Resend 500" in (now["executions"][0]["error_message"] or ""),
        )
        await owner.execute(
            "update campaign_enrollments set enrolled_at = enrolled_at - interval '61 minutes',"
            " next_step_scheduled_at = next_step_scheduled_at - interval '61 minutes'"
            " where campaign_id = $1",
            UUID(campaign["id"]),
        )
        return campaign

    async def round(self, world: World, settings: Settings) -> None:
        dispatcher = Dispatcher(world.temporal, world.database)
        await Reconciler(world.database, world.temporal, dispatcher, settings.rates).run()

    async def test_its_admins_are_told_once_what_holds_it_up(
        self, world: World, settings: Settings, stuck: Json
    ) -> None:
        for _ in range(2):
            await self.round(world, settings)

        (notice,) = (await world.admin.get("/notifications"))["notifications"]
        assert notice["title"] == "“Storm” is not moving"
        assert notice["message"].startswith(
            "1 contact is overdue by more than an hour, and in that time nobody has moved on."
            " The latest error: Resend 500"
        )

    async def test_nobody_is_told_while_others_of_it_move_on(
        self, world: World, settings: Settings, stuck: Json
    ) -> None:
        await send(world, stuck, 1, email=None)
        await self.round(world, settings)
        assert await told(world.admin) == []

    async def test_nobody_is_told_of_a_campaign_that_was_paused_or_has_just_gone_on(
        self, world: World, settings: Settings, stuck: Json
    ) -> None:
        for status in ("paused", "active"):
            await world.admin.patch(f"/campaigns/{stuck['id']}", {"status": status})
            await self.round(world, settings)
        assert await told(world.admin) == []

    async def test_nobody_is_told_of_those_whose_time_has_not_come(
        self, world: World, settings: Settings
    ) -> None:
        campaign = await world.create_campaign(after(EMAIL, 2, "hours"))
        await world.enroll(campaign, await world.create_contact(timezone=noon_zone()))
        await self.round(world, settings)
        assert await told(world.admin) == []

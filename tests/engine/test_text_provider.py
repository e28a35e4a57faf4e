"""Twilio on a bad day. It knows no key: what may have gone out is looked for, never repeated."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, update
from twilio.request_validator import RequestValidator

from db.session import engine
from db.tables import Execution
from services.settings import Settings
from tests.engine.conftest import Faults
from tests.engine.helpers import statuses, tag
from tests.world import TEXT, Json, World, eventually, noon_zone


async def test_text_refused_with_429_is_tried_again(world: World, faults: Faults) -> None:
    await faults(twilio={"mode": "refuse_429", "retry_after": 1, "count": 1})
    enrollment, contact = await enroll(world)

    enrollment = await world.finished(enrollment)

    assert statuses(enrollment)[0] == ("send_sms", "completed")
    assert len(await world.messages(contact["phone"])) == 1


async def test_text_whose_answer_was_lost_is_looked_up_and_not_sent_again(
    world: World, faults: Faults
) -> None:
    lost = []
    for mode in ("accept_then_hang", "accept_then_500"):
        await faults(twilio={"mode": mode, "count": 1})
        enrollment, contact = await enroll(world)
        await world.until(enrollment, lambda now: statuses(now) == [("send_sms", "running")])
        await took_its_fault(world)
        lost.append((enrollment, contact))

    for enrollment, contact in lost:
        ended = await world.until(enrollment, is_over)
        (message,) = await world.messages(contact["phone"])
        assert ended["executions"][0]["result_data"]["sms_id"] == message["id"]
        assert ended["sms_sent"] == 1


async def test_status_callback_settles_a_text_whose_answer_was_lost(
    world: World, faults: Faults, settings: Settings
) -> None:
    await faults(twilio={"mode": "accept_then_500", "count": 1})
    enrollment, contact = await enroll(world)
    await world.until(enrollment, meets_trouble)
    (message,) = await world.messages(contact["phone"])
    await forget_messages(world)

    await call_back(world, settings, message["status_callback"], MessageSid=message["id"])

    enrollment = await world.until(enrollment, is_over)
    assert statuses(enrollment)[0] == ("send_sms", "completed")
    assert enrollment["executions"][0]["result_data"]["sms_id"] == message["id"]
    assert enrollment["sms_sent"] == 1
    assert await world.messages(contact["phone"]) == []


async def test_text_that_nobody_knows_of_stays_unknown_after_two_minutes(
    world: World, faults: Faults
) -> None:
    await faults(twilio={"mode": "error_500", "count": 1})
    enrollment, contact = await enroll(world)
    waiting = await world.until(enrollment, meets_trouble)

    await began_ago(world, waiting["executions"][0], timedelta(minutes=2, seconds=1))

    enrollment = await world.until(enrollment, is_over)
    assert statuses(enrollment) == [("send_sms", "unknown"), ("manage_tags", "completed")]
    assert enrollment["sms_sent"] == 0
    assert enrollment["executions"][0]["result_data"] is None
    assert await world.messages(contact["phone"]) == []


async def test_two_texts_that_say_the_same_are_not_taken_for_each_other(
    world: World, faults: Faults
) -> None:
    enrollment, contact = await enroll(world)
    first = await world.finished(enrollment)
    await faults(twilio={"mode": "error_500", "count": 1})
    again = await world.enroll(await world.create_campaign(TEXT), contact)
    waiting = await world.until(again, meets_trouble)

    await began_ago(world, waiting["executions"][0], timedelta(minutes=2, seconds=1))

    again = await world.until(again, is_over)
    assert statuses(again) == [("send_sms", "unknown")]
    (message,) = await world.messages(contact["phone"])
    assert message["id"] == first["executions"][0]["result_data"]["sms_id"]


async def enroll(world: World) -> tuple[Json, Json]:
    contact = await world.create_contact(timezone=noon_zone())
    campaign = await world.create_campaign(TEXT, tag("after"))
    return await world.enroll(campaign, contact), contact


def is_over(enrollment: Json) -> bool:
    status: str = enrollment["status"]
    return status == "completed"


def meets_trouble(enrollment: Json) -> bool:
    return bool(enrollment["executions"][0]["error_message"])


async def took_its_fault(world: World) -> None:
    """Wait until the next send would meet another fault."""

    async def is_taken() -> bool:
        control = (await world.sandbox.get("/control")).json()
        count: int = control["twilio"]["count"]
        return count == 0

    await eventually(is_taken)


async def forget_messages(world: World) -> None:
    """So that a look-up finds nothing."""
    (await world.sandbox.delete("/messages")).raise_for_status()


async def call_back(world: World, settings: Settings, url: str, **form: Any) -> None:
    """Report on a text, as Twilio does."""
    assert settings.twilio_auth_token
    signature = RequestValidator(settings.twilio_auth_token).compute_signature(url, form)
    answer = await world.admin.http.post(
        urlsplit(url)._replace(scheme="", netloc="").geturl(),
        data=form,
        headers={"X-Twilio-Signature": signature},
    )
    assert answer.status_code == 204, answer.text


async def began_ago(world: World, execution: Json, length: timedelta) -> None:
    """As if nobody had known for so long."""
    async with world.database.transaction(engine(world.tenant_id)) as session:
        await session.execute(
            update(Execution)
            .where(Execution.id == execution["id"])
            .values(ambiguous_since=func.now() - length)
        )

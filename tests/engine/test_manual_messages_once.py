"""A message written by hand goes out once, whatever crashes and whoever loses an answer."""

import asyncio
import dataclasses
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func
from temporalio.client import WorkflowFailureError
from temporalio.testing import ActivityEnvironment

from activities.messages import MessageActivities
from db.session import Database, person
from domain.enums import Channel, Role
from domain.plans import MessageRef
from services import conversations
from services.envelopes import Envelopes
from services.links import Links
from services.reconcile import Reconciler
from services.settings import Settings
from services.temporal import Dispatcher
from services.tokens import Tokens
from tests.engine.by_hand import LETTER, NOTE, change, handle, meets, sent, settled, until, write
from tests.engine.conftest import Faults, Site
from tests.engine.helpers import let_time_run_out
from tests.engine.test_text_provider import call_back, forget_messages
from tests.world import Json, World, eventually, noon_zone
from worker import transports_of


async def test_email_whose_answer_was_lost_is_asked_for_under_the_same_key(
    world: World, faults: Faults
) -> None:
    contact = await world.create_contact()
    await faults(resend={"mode": "accept_then_500", "count": 1})

    message = await sent(world, contact, LETTER)

    assert message["status"] == "sent"

    # Resend's report of it may be here before it is asked again.
    async def asked_again() -> bool:
        (arrived,) = await world.messages(contact["email"])
        return (arrived["idempotency_key"], arrived["repeat"]) == (message["id"], 1)

    await eventually(asked_again)


async def test_text_whose_answer_was_lost_is_looked_up_and_not_sent_again(
    world: World, faults: Faults
) -> None:
    contact = await world.create_contact(timezone=noon_zone())
    await faults(twilio={"mode": "accept_then_500", "count": 1})

    message = await sent(world, contact, NOTE)

    assert message["status"] == "sent"
    assert len(await world.messages(contact["phone"])) == 1


async def test_text_that_nobody_knows_of_stays_unknown(world: World, faults: Faults) -> None:
    contact = await world.create_contact(timezone=noon_zone())
    await faults(twilio={"mode": "error_500", "count": 1})
    message = await write(world, contact, NOTE)
    await until(world, contact, message, lambda now: bool(now["error_message"]))

    await change(world, message, ambiguous_since=func.now() - timedelta(minutes=2, seconds=1))

    assert (await settled(world, contact, message))["status"] == "unknown"
    assert await world.messages(contact["phone"]) == []


async def test_same_words_sent_twice_by_hand_are_not_taken_for_each_other(
    world: World, faults: Faults
) -> None:
    contact = await world.create_contact(timezone=noon_zone())
    await sent(world, contact, NOTE)
    await faults(twilio={"mode": "error_500", "count": 1})
    message = await write(world, contact, NOTE)
    await until(world, contact, message, lambda now: bool(now["error_message"]))

    await change(world, message, ambiguous_since=func.now() - timedelta(minutes=2, seconds=1))

    assert (await settled(world, contact, message))["status"] == "unknown"
    assert len(await world.messages(contact["phone"])) == 1


async def test_status_callback_settles_a_text_whose_answer_was_lost(
    world: World, faults: Faults, settings: Settings
) -> None:
    contact = await world.create_contact(timezone=noon_zone())
    await faults(twilio={"mode": "accept_then_500", "count": 1})
    message = await write(world, contact, NOTE)
    await until(world, contact, message, lambda now: bool(now["error_message"]))
    (arrived,) = await world.messages(contact["phone"])
    await forget_messages(world)

    await call_back(
        world,
        settings,
        arrived["status_callback"],
        MessageSid=arrived["id"],
        MessageStatus="delivered",
    )

    await until(world, contact, message, lambda now: now["status"] == "delivered")
    assert await world.messages(contact["phone"]) == []


async def test_two_attempts_at_once_send_one_text(quiet_world: World, site: Site) -> None:
    world = quiet_world
    contact = await world.create_contact(timezone=noon_zone())
    message = await write(world, contact, NOTE)

    attempts = [attempt(site, site.database, world, message) for _ in range(2)]
    await asyncio.gather(*attempts, return_exceptions=True)

    assert len(await world.messages(contact["phone"])) == 1


async def test_message_whose_start_was_lost_is_sent_all_the_same(
    world: World, settings: Settings
) -> None:
    contact = await world.create_contact()
    message = await write_without_telling(world, settings, contact)

    await repair(world, settings)

    assert (await settled(world, contact, message))["status"] == "sent"
    assert len(await world.messages(contact["email"])) == 1


async def test_message_whose_workflow_temporal_has_lost_gets_another(
    world: World, settings: Settings
) -> None:
    contact = await world.create_contact()
    message = await write_without_telling(world, settings, contact, workflow_status="running")

    await repair(world, settings)

    assert (await settled(world, contact, message))["status"] == "sent"
    assert len(await world.messages(contact["email"])) == 1


async def test_message_whose_workflow_was_terminated_has_failed(
    world: World, faults: Faults, settings: Settings
) -> None:
    contact = await world.create_contact()
    await faults(resend={"mode": "refuse_429", "retry_after": 3600})
    message = await write(world, contact, LETTER)
    await until(world, contact, message, meets("429"))
    await handle(world, message).terminate()
    await faults(resend={})

    await change(world, message, created_at=func.now() - timedelta(hours=1))
    await repair(world, settings)

    message = await settled(world, contact, message)
    assert message["status"] == "failed"
    assert await world.messages(contact["email"]) == []


async def test_text_whose_workflow_was_terminated_in_doubt_is_unknown(
    world: World, faults: Faults, settings: Settings
) -> None:
    contact = await world.create_contact(timezone=noon_zone())
    await faults(twilio={"mode": "error_500", "count": 1})
    message = await write(world, contact, NOTE)
    await until(world, contact, message, meets("500"))
    await handle(world, message).terminate()

    await change(world, message, created_at=func.now() - timedelta(hours=1))
    await repair(world, settings)

    assert (await settled(world, contact, message))["status"] == "unknown"


async def test_message_whose_time_is_over_has_failed_as_the_provider_said(
    world: World, faults: Faults
) -> None:
    contact = await world.create_contact()
    await faults(resend={"mode": "refuse_429", "retry_after": 3600})
    message = await write(world, contact, LETTER)
    await until(world, contact, message, meets("429"))

    await let_time_run_out(world, handle(world, message).id, "send_message")

    message = await settled(world, contact, message)
    assert message["status"] == "failed"
    assert "429" in message["error_message"]


async def test_message_that_an_operator_cancels_is_not_sent(world: World, faults: Faults) -> None:
    contact = await world.create_contact()
    await faults(resend={"mode": "refuse_429", "retry_after": 3600})
    message = await write(world, contact, LETTER)
    await until(world, contact, message, meets("429"))

    await handle(world, message).cancel()

    with pytest.raises(WorkflowFailureError):
        await handle(world, message).result()
    await faults(resend={})
    assert (await settled(world, contact, message))["status"] == "failed"
    assert await world.messages(contact["email"]) == []


async def attempt(site: Site, database: Database, world: World, message: Json) -> None:
    """An attempt as a worker makes it."""
    links = Links(site.settings.public_url, Tokens(site.settings.secret_key))
    async with transports_of(site.settings, database, links) as transports:
        activities = MessageActivities(database, transports)
        environment = ActivityEnvironment()
        environment.info = dataclasses.replace(environment.info, started_time=datetime.now(UTC))
        await environment.run(
            activities.send_message, MessageRef(world.tenant_id, UUID(message["id"]))
        )


async def write_without_telling(
    world: World, settings: Settings, contact: Json, workflow_status: str = "unstarted"
) -> Json:
    """What an API leaves behind that dies right after its commit, a while ago."""
    links = Links(settings.public_url, Tokens(settings.secret_key))
    staff = person(world.tenant_id, world.user_ids[Role.STAFF], Role.STAFF)
    given = {name: value for name, value in LETTER.items() if name != "channel"}
    async with world.database.transaction(staff) as session:
        written = await conversations.write(
            session,
            UUID(contact["id"]),
            Channel.EMAIL,
            given,
            Envelopes.of(settings, links),
            links,
            datetime.now(UTC),
        )
        message = {"id": str(written.id)}
    an_hour_ago = func.now() - timedelta(hours=1)
    await change(world, message, created_at=an_hour_ago, workflow_status=workflow_status)
    return message


async def repair(world: World, settings: Settings) -> None:
    """A round of the reconciler."""
    dispatcher = Dispatcher(world.temporal, world.database)
    await Reconciler(world.database, world.temporal, dispatcher, settings.rates).run()

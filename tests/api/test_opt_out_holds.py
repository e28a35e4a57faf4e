"""What might undo an opt-out that nobody took back, and what might keep one from being heard."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import delete, insert, select

from db.feedback import RECEIPTS_KEPT, forget_old_receipts
from db.session import engine
from db.tables import Message, WebhookReceipt
from services.links import UNSUBSCRIBE
from services.settings import Settings
from services.tokens import Tokens
from tests.api.conftest import Company
from tests.api.sent import create_sent
from tests.api.sent import suppressed as suppressions
from tests.inbound import (
    OWN_NUMBER,
    events,
    flags,
    post_text,
    received,
    some_number,
    suppressed,
    use_number,
    write,
)
from tests.world import Json, World

# An address that changes ------------------------------------------------------------------------


async def test_new_number_that_may_be_texted_leaves_the_opt_out_of_the_old_one(
    world: World, settings: Settings
) -> None:
    contact, other = await world.create_contact(), await world.create_contact()
    await world.staff.patch(f"/contacts/{other['id']}", {"phone": contact["phone"]})
    await write(world, settings, contact, "STOP")

    change = {"phone": some_number(), "sms_opt_out": False}
    await world.staff.patch(f"/contacts/{contact['id']}", change)

    assert await flags(world, contact) == (False, True)
    assert await flags(world, other) == (True, True), "it has the number that said STOP"
    assert await suppressed(world, contact["phone"]) == ["opt_out"]


async def test_opt_out_that_comes_with_a_new_number_holds_for_it(world: World) -> None:
    contact, number = await world.create_contact(), some_number()
    other = await world.create_contact(phone=number)

    change = {"phone": number, "sms_opt_out": True}
    await world.staff.patch(f"/contacts/{contact['id']}", change)

    assert await suppressed(world, number) == ["opt_out"]
    assert (await flags(world, other))[0]


async def test_opt_in_that_comes_with_a_new_number_holds_for_it(
    world: World, settings: Settings
) -> None:
    number = some_number()
    stopped = await world.create_contact(phone=number)
    await write(world, settings, stopped, "STOP")
    contact = await world.create_contact(sms_opt_out=True)

    change = {"phone": number, "sms_opt_out": False}
    await world.staff.patch(f"/contacts/{contact['id']}", change)

    assert await suppressed(world, number) == []
    assert await suppressed(world, contact["phone"]) == ["opt_out"], "nobody took that back"


async def test_unsubscribe_link_holds_for_the_address_that_got_the_e_mail(
    api: httpx.AsyncClient, settings: Settings, world: World
) -> None:
    sent = await create_sent(world)
    new = f"new.{uuid4().hex[:8]}@home.example"
    await world.staff.patch(f"/contacts/{sent.contact['id']}", {"email": new})
    ids = [UUID(sent.contact["id"]), UUID(sent.enrollment["id"]), sent.id]
    token = Tokens(settings.secret_key).sign(UNSUBSCRIBE, world.tenant_id, *ids)

    assert (await api.post(f"/u/{token}")).status_code == 200

    assert await suppressions(world) == {(sent.address, "opt_out"), (new, "opt_out")}


# Old news ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("says", "takes_back", "flag"),
    [("opted_in", "opted_out", "sms_opt_out"), ("consented", "withdrawn", "sms_consent")],
)
async def test_proof_from_before_an_opt_out_does_not_undo_it(
    world: World, says: str, takes_back: str, flag: str
) -> None:
    contact = await world.create_contact()
    path = f"/contacts/{contact['id']}/consents"
    await world.staff.post(path, {"channel": "sms", "action": takes_back, "source": "phone_call"})
    before = await flags(world, contact)

    old = {"channel": "sms", "action": says, "source": "web_form"}
    answer = await world.staff.post(path, {**old, "given_at": "2019-03-01T10:00:00Z"})

    assert answer["consent"]["action"] == says, "the proof is kept"
    assert await flags(world, contact) == before
    await world.staff.post(path, old)
    assert await flags(world, contact) != before, f"{flag} is as was said last"


async def test_opt_out_taken_down_twice_at_once_is_no_error(world: World) -> None:
    contact = await world.create_contact()
    body = {"channel": "sms", "action": "opted_out", "source": "phone_call"}
    path = f"/contacts/{contact['id']}/consents"

    responses = await asyncio.gather(
        *(world.staff.request("POST", path, json=body) for _ in range(6))
    )

    assert {response.status_code for response in responses} == {201}


async def test_start_that_is_replayed_after_months_does_not_undo_a_stop(
    world: World, settings: Settings
) -> None:
    number, nobody = some_number(), some_number()
    await use_number(world, number)
    start = {"From": nobody, "To": number, "Body": "START", "MessageSid": f"SM{uuid4().hex}"}
    await post_text(world.admin.http, settings, **start)
    await post_text(world.admin.http, settings, From=nobody, To=number, Body="STOP")
    long_ago = datetime.now(UTC) - RECEIPTS_KEPT - timedelta(days=1)
    async with world.database.transaction(engine(world.tenant_id)) as session:
        receipts = (await session.scalars(select(WebhookReceipt))).all()
        await session.execute(delete(WebhookReceipt))
        for each in receipts:
            row = {"tenant_id": each.tenant_id, "provider": each.provider, "receipt": each.receipt}
            await session.execute(insert(WebhookReceipt).values(**row, created_at=long_ago))
        await forget_old_receipts(session)

    response = await post_text(world.admin.http, settings, **start)

    assert response.status_code == 200
    assert await suppressed(world, nobody) == ["opt_out"]


# Hearing ----------------------------------------------------------------------------------------


async def test_yes_that_twilio_takes_for_an_opt_in_is_the_answer_to_a_question(
    world: World, settings: Settings
) -> None:
    contact = await world.create_contact(sms_consent=False)

    await write(world, settings, contact, "Yes!", OptOutType="START")

    assert await flags(world, contact) == (False, False)
    assert len(await events(world, contact)) == 1


async def test_company_whose_part_fails_does_not_keep_others_from_hearing_a_stop(
    company: Company, settings: Settings
) -> None:
    worlds = [await company() for _ in range(4)]
    phone = some_number()
    people: list[Json] = [await world.create_contact(phone=phone) for world in worlds]
    sid = f"SM{uuid4().hex}"
    for world, contact in zip(worlds[:3], people[:3], strict=True):
        # A row of another kind has the id of this text: it cannot be kept.
        await take_sid(world, contact, sid)

    text = {"From": phone, "To": OWN_NUMBER, "Body": "STOP", "MessageSid": sid}
    response = await post_text(worlds[0].admin.http, settings, **text)

    assert response.status_code >= 400, "Twilio is to know that somebody has not heard it"
    assert (await flags(worlds[3], people[3]))[0]
    assert len(await received(worlds[3], people[3])) == 1


async def take_sid(world: World, contact: Json, sid: str) -> None:
    async with world.database.transaction(engine(world.tenant_id)) as session:
        await session.execute(
            insert(Message).values(
                tenant_id=world.tenant_id,
                contact_id=contact["id"],
                channel="sms",
                direction="outbound",
                status="completed",
                provider_id=sid,
            )
        )

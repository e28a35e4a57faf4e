"""Addresses that nothing is sent to, as people see them and try them again."""

from uuid import UUID, uuid4

import httpx
import pytest

from domain.enums import Channel, SuppressionReason
from services.links import UNSUBSCRIBE
from services.settings import Settings
from services.tokens import Tokens
from tests.api.client import invalid_fields, problem
from tests.api.routes import create_suppression
from tests.api.sent import create_sent, suppressed
from tests.world import World


async def test_list_is_filtered_by_channel_and_address(world: World) -> None:
    await create_suppression(world, "ann@home.example")
    await create_suppression(world, "bob@home.example", SuppressionReason.COMPLAINT)
    await create_suppression(world, "+13035550123", channel=Channel.SMS)

    async def found(**params: str) -> list[str]:
        answer = await world.staff.get("/suppressions", **params)
        assert answer["total"] == len(answer["suppressions"])
        return [each["address"] for each in answer["suppressions"]]

    assert await found() == ["+13035550123", "bob@home.example", "ann@home.example"]
    assert await found(channel="email") == ["bob@home.example", "ann@home.example"]
    assert await found(search="ANN@") == ["ann@home.example"]
    assert await found(search="0123", channel="sms") == ["+13035550123"]
    assert await found(search="%") == []
    response = await world.staff.request("GET", "/suppressions", params={"channel": "fax"})
    assert invalid_fields(response) == {"channel"}


async def test_entry_says_what_and_why(world: World) -> None:
    suppression_id = await create_suppression(world, "ann@home.example")
    (entry,) = (await world.staff.get("/suppressions"))["suppressions"]
    assert entry.pop("created_at").endswith("Z")
    assert entry == {
        "id": suppression_id,
        "channel": "email",
        "address": "ann@home.example",
        "reason": "hard_bounce",
    }


@pytest.mark.parametrize("reason", [SuppressionReason.HARD_BOUNCE, SuppressionReason.COMPLAINT])
async def test_admin_alone_lets_an_address_be_tried_again(
    world: World, reason: SuppressionReason
) -> None:
    path = f"/suppressions/{await create_suppression(world, reason=reason)}"
    for other in (world.staff, world.manager):
        problem(await other.request("DELETE", path), 403, "forbidden")
    assert (await world.admin.request("DELETE", path)).status_code == 204
    assert await suppressed(world) == set()
    problem(await world.admin.request("DELETE", path), 404, "not_found")


async def test_opt_out_is_the_persons_own_to_take_back(world: World) -> None:
    contact = await world.create_contact()
    await world.staff.patch(f"/contacts/{contact['id']}", {"email_opt_out": True})
    (entry,) = (await world.staff.get("/suppressions"))["suppressions"]
    assert entry["reason"] == "opt_out"

    problem(await world.admin.request("DELETE", f"/suppressions/{entry['id']}"), 409, "opted_out")
    assert await suppressed(world) == {(contact["email"], "opt_out")}

    await world.staff.patch(f"/contacts/{contact['id']}", {"email_opt_out": False})
    assert await suppressed(world) == set()


async def test_unsubscribe_link_is_noted_with_the_message_it_came_from(
    api: httpx.AsyncClient, settings: Settings, world: World
) -> None:
    sent = await create_sent(world)
    contact_id, enrollment_id = UUID(sent.contact["id"]), UUID(sent.enrollment["id"])
    tokens = Tokens(settings.secret_key)
    path = tokens.sign(UNSUBSCRIBE, world.tenant_id, contact_id, enrollment_id, sent.id)

    await api.get(f"/u/{path}")
    assert (await sent.execution())["unsubscribed_at"] is None, "a GET never unsubscribes"

    assert (await api.post(f"/u/{path}")).status_code == 200
    first = (await sent.execution())["unsubscribed_at"]
    assert first
    await api.post(f"/u/{path}")
    assert (await sent.execution())["unsubscribed_at"] == first
    assert (await sent.contact_now())["email_opt_out"] is True


@pytest.mark.parametrize("more", [0, 1, 2])
async def test_unsubscribe_link_of_no_message_or_of_one_that_is_gone_still_works(
    api: httpx.AsyncClient, settings: Settings, world: World, more: int
) -> None:
    contact = await world.create_contact()
    ids = [world.tenant_id, UUID(contact["id"]), *(uuid4() for _ in range(more))]
    token = Tokens(settings.secret_key).sign(UNSUBSCRIBE, *ids)
    assert (await api.post(f"/u/{token}")).status_code == 200
    assert (await world.admin.get(f"/contacts/{contact['id']}"))["contact"]["email_opt_out"] is True

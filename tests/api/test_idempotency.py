"""`Idempotency-Key`: a request that is sent again is answered again, and done once."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from db.session import person
from db.tables import IdempotencyKey
from domain.enums import Role
from tests.api.client import invalid_fields, problem
from tests.world import Caller, World

Json = dict[str, Any]


def new_key() -> str:
    return uuid4().hex


async def create(caller: Caller, key: str, path: str = "/contacts", **body: Any) -> httpx.Response:
    return await caller.request(
        "POST", path, json=body or {"first_name": "Ann"}, headers={"Idempotency-Key": key}
    )


async def count(world: World, what: str = "contacts") -> int:
    total: int = (await world.admin.get(f"/{what}"))["total"]
    return total


async def test_same_key_and_body_is_answered_the_same_and_done_once(world: World) -> None:
    key = new_key()
    first, again = [await create(world.admin, key) for _ in range(2)]

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["content-type"] == first.headers["content-type"]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert await count(world) == 1


async def test_same_key_at_once_is_done_once(world: World) -> None:
    key = new_key()
    answers = await asyncio.gather(*(create(world.admin, key) for _ in range(20)))
    assert {(answer.status_code, answer.content) for answer in answers} == {
        (201, answers[0].content)
    }
    assert await count(world) == 1


async def test_answer_is_kept_though_what_it_tells_of_is_gone(world: World) -> None:
    key = new_key()
    first = await create(world.admin, key)
    await world.admin.delete(f"/contacts/{first.json()['contact']['id']}")
    assert (await create(world.admin, key)).content == first.content
    assert await count(world) == 0


async def test_no_key_or_another_one_is_done_again(world: World) -> None:
    await create(world.admin, new_key())
    await create(world.admin, new_key())
    await world.admin.post("/contacts", {"first_name": "Ann"})
    assert await count(world) == 3


async def test_key_of_another_request_is_refused(world: World) -> None:
    key = new_key()
    first = await create(world.admin, key)
    problem(await create(world.admin, key, first_name="Bob"), 409, "idempotency_key_reused")
    elsewhere = await create(world.admin, key, path="/tasks", title="Call")
    problem(elsewhere, 409, "idempotency_key_reused")
    assert (await create(world.admin, key)).content == first.content
    assert (await count(world), await count(world, "tasks")) == (1, 0)


async def test_refused_request_is_not_kept(world: World) -> None:
    campaign = await world.create_campaign({"step_type": "wait", "delay_value": 5}, activate=False)
    contact = await world.create_contact()
    key, path = new_key(), f"/campaigns/{campaign['id']}/enrollments"

    refused = await create(world.staff, key, path=path, contact_id=contact["id"])
    problem(refused, 409, "campaign_not_active")
    assert invalid_fields(await create(world.staff, key, path=path, contact_id="x"))

    await world.activate(campaign)
    taken = await create(world.staff, key, path=path, contact_id=contact["id"])
    assert taken.status_code == 201
    again = await create(world.staff, key, path=path, contact_id=contact["id"])
    assert (again.status_code, again.content) == (201, taken.content)


async def test_key_belongs_to_its_user(world: World, stranger: World) -> None:
    key = new_key()
    answers = [await create(caller, key) for caller in (world.admin, world.staff, stranger.admin)]
    assert len({answer.json()["contact"]["id"] for answer in answers}) == 3
    assert (await count(world), await count(stranger)) == (2, 1)


async def test_action_is_done_once(world: World) -> None:
    campaign = await world.create_campaign({"step_type": "wait", "delay_value": 5})
    enrollment = await world.enroll(campaign, await world.create_contact())
    path = f"/campaigns/{campaign['id']}/enrollments/{enrollment['id']}/exit"
    key = new_key()
    headers = {"Idempotency-Key": key}
    first, again = [await world.staff.request("POST", path, headers=headers) for _ in range(2)]
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content


async def test_secret_of_a_new_key_is_neither_kept_nor_shown_again(world: World) -> None:
    key, body = new_key(), {"name": "CRM", "role": "staff"}
    first = await create(world.admin, key, path="/api-keys", **body)
    assert first.status_code == 201
    assert first.headers["cache-control"] == "no-store"
    before = await count(world, "api-keys")

    again = await create(world.admin, key, path="/api-keys", **body)

    problem(again, 409, "answer_not_kept")
    assert await count(world, "api-keys") == before
    scope = person(world.tenant_id, world.user_ids[Role.ADMIN], Role.ADMIN)
    async with world.database.transaction(scope) as session:
        rows = (await session.scalars(select(IdempotencyKey.response))).all()
    assert rows == [None]


async def test_only_post_takes_a_key(world: World) -> None:
    contact = await world.create_contact()
    for name in ("Bea", "Cleo"):
        response = await world.admin.request(
            "PATCH",
            f"/contacts/{contact['id']}",
            json={"first_name": name},
            headers={"Idempotency-Key": "the same"},
        )
        assert response.json()["contact"]["first_name"] == name


@pytest.mark.parametrize("key", ["", "x" * 256])
async def test_key_of_no_length_or_too_much_is_refused(world: World, key: str) -> None:
    assert invalid_fields(await create(world.admin, key)) == {"Idempotency-Key"}
    assert await count(world) == 0


async def test_longest_key_and_one_beyond_ascii_are_taken(world: World) -> None:
    for key in ("x" * 255, "dächer"):
        response = await world.admin.request(
            "POST", "/contacts", json={}, headers={"Idempotency-Key": key.encode("latin-1")}
        )
        assert response.status_code == 201

"""Finding contacts by a filter, as those who enroll many do."""

from typing import Any

import httpx
import pytest

from tests.api.client import invalid_fields
from tests.world import Json, World


async def search(world: World, **body: Any) -> httpx.Response:
    return await world.staff.request("POST", "/contacts/search", json=body)


async def found(world: World, condition: Any) -> list[str]:
    answer = await search(world, filter=condition)
    assert answer.status_code == 200, answer.text
    return [contact["first_name"] for contact in answer.json()["contacts"]]


async def test_contacts_that_fit_are_found_newest_first(world: World) -> None:
    ann = await world.create_contact(first_name="Ann", stage="lead", custom={"roof_age": 12})
    bob = await world.create_contact(first_name="Bob", stage="Lead", custom={"roof_age": 3})
    await world.create_contact(first_name="Cid", stage="won")
    await world.admin.post("/projects", {"contact_id": bob["id"], "estimate_amount": "12000"})
    gone = await world.create_contact(first_name="Dan", stage="lead")
    await world.admin.delete(f"/contacts/{gone['id']}")

    lead = {"field": "contact.stage", "operator": "equals", "value": "lead"}
    old = {"field": "custom.roof_age", "operator": "greater_than", "value": 10}
    rich = {"field": "project.estimate_amount", "operator": "is_set"}

    assert await found(world, [lead]) == ["Bob", "Ann"]
    assert await found(world, {"all": [lead, old]}) == ["Ann"]
    assert await found(world, rich) == ["Bob"]
    assert await found(world, {"all": []}) == ["Cid", "Bob", "Ann"]
    answer = (await search(world, filter=old)).json()
    assert answer == {"contacts": [ann], "total": 1, "limit": 50, "offset": 0}


async def test_part_of_what_is_found_is_answered_with_the_total(world: World) -> None:
    for name in "abcde":
        await world.create_contact(first_name=name)

    answer = (await search(world, filter={"all": []}, limit=2, offset=1)).json()

    assert [contact["first_name"] for contact in answer["contacts"]] == ["d", "c"]
    assert (answer["total"], answer["limit"], answer["offset"]) == (5, 2, 1)


async def test_contacts_of_another_company_are_not_found(world: World, stranger: World) -> None:
    await world.create_contact()
    assert await found(stranger, {"all": []}) == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "filter"),
        ({"filter": None}, "filter"),
        ({"filter": "everyone"}, "filter"),
        ({"filter": {"field": "contact.shoe", "operator": "is_set"}}, "filter.field"),
        ({"filter": [{"field": "contact.stage", "operator": "is"}]}, "filter.0.operator"),
        ({"filter": [{"field": "event.name", "operator": "is_set"}]}, "filter.0.field"),
        ({"filter": [{"field": "enrollment.replied", "operator": "is_set"}]}, "filter.0.field"),
        ({"filter": [], "limit": 201}, "limit"),
        ({"filter": [], "offset": -1}, "offset"),
        ({"filter": [], "cursor": "x"}, "cursor"),
    ],
)
async def test_search_that_is_wrong_names_its_field(world: World, body: Json, field: str) -> None:
    assert field in invalid_fields(await search(world, **body))

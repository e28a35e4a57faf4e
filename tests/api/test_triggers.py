"""Triggers: what they are made of, and from when on they hold."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from db.session import engine
from db.tables import CampaignTrigger
from tests.api.client import invalid_fields, problem
from tests.world import World

Json = dict[str, Any]

CONFIGS: dict[str, Json] = {
    "stage_change": {"entity_type": "contact", "from_stage": "New", "to_stage": "Inspected"},
    "event": {"event_name": "hail_reported", "event_filters": {"size": ["large", "huge"]}},
    "time_based": {"relative_to": "created_at", "delay_value": 30, "delay_unit": "days"},
    "manual": {"manual": True},
}
NEW = [{"field": "contact.stage", "operator": "equals", "value": "new"}]
WON = {"any": [{"field": "project.stage", "operator": "equals", "value": "won"}]}
FIELDS = {
    "id",
    "campaign_id",
    "trigger_type",
    "trigger_config",
    "enrollment_conditions",
    "exclusion_conditions",
    "priority",
    "is_active",
    "created_at",
    "updated_at",
}
WAIT = {"step_type": "wait", "delay_value": 5}


@pytest.fixture
async def path(world: World) -> str:
    """The triggers of a new draft."""
    campaign = await world.create_campaign(activate=False)
    return f"/campaigns/{campaign['id']}/triggers"


def trigger(trigger_type: str = "event", **values: Any) -> Json:
    """A good trigger, but for this."""
    body: Json = {"trigger_type": trigger_type, "trigger_config": CONFIGS[trigger_type]}
    return {**body, **values}


def config(trigger_type: str, **changes: object) -> Json:
    """A good trigger, but for this in its configuration; a change to None takes the field away."""
    values = {**CONFIGS[trigger_type], **changes}
    kept = {name: value for name, value in values.items() if value is not None}
    return trigger(trigger_type, trigger_config=kept)


def where(field: str, operator: str = "equals", value: object = "x") -> list[Json]:
    return [{"field": field, "operator": operator, "value": value}]


async def add(world: World, path: str, **body: Any) -> Json:
    answer: Json = (await world.admin.post(path, body))["trigger"]
    return answer


async def begins(world: World, trigger: Json) -> tuple[datetime, datetime]:
    """From when on it takes events, and from when on dates; clients are not told."""
    async with world.database.transaction(engine(world.tenant_id)) as session:
        row = await session.get_one(CampaignTrigger, UUID(trigger["id"]))
    return row.active_since, row.scanned_until


@pytest.mark.parametrize("trigger_type", CONFIGS)
async def test_each_trigger_type_is_kept_as_it_was_sent(
    world: World, path: str, trigger_type: str
) -> None:
    body = trigger(
        trigger_type,
        enrollment_conditions=NEW,
        exclusion_conditions=WON,
        priority=-5,
        is_active=False,
    )
    response = await world.admin.request("POST", path, json=body)

    assert response.status_code == 201
    created = response.json()["trigger"]
    assert created.keys() == FIELDS
    assert {name: created[name] for name in body} == body
    assert f"/campaigns/{created['campaign_id']}/triggers" == path
    listed = await world.staff.get(path)
    assert (listed["triggers"], listed["total"]) == ([created], 1)


async def test_trigger_with_the_least_is_switched_on_for_everybody(world: World, path: str) -> None:
    created = await add(world, path, **trigger())
    assert (created["is_active"], created["priority"]) == (True, 0)
    assert created["enrollment_conditions"] is created["exclusion_conditions"] is None


@pytest.mark.parametrize(
    "body",
    [
        trigger("stage_change", trigger_config={"entity_type": "project", "to_stage": "won"}),
        config("time_based", relative_to="project.custom.inspected", delay_value=-3),
        config("time_based", relative_to="custom.birthday", delay_value=0, delay_unit="hours"),
        config("event", event_filters=where("event.amount", "greater_than", 100)),
        config("event", event_filters={"not": where("event.amount", "is_set", None)[0]}),
        config("event", event_filters={"amount": 5, "address.city": "Denver", "insured": True}),
        trigger(enrollment_conditions={"not": where("event.size")[0]}),
        trigger(enrollment_conditions=where("custom.roof"), exclusion_conditions={"all": []}),
    ],
)
async def test_each_form_of_a_configuration_is_taken(world: World, path: str, body: Json) -> None:
    created = await add(world, path, **body)
    assert {name: created[name] for name in body} == body


async def test_patch_changes_what_it_names(world: World, path: str) -> None:
    created = await add(world, path, **trigger(enrollment_conditions=NEW, exclusion_conditions=WON))
    body: Json = {"priority": 7, "is_active": False, "exclusion_conditions": None}

    changed = (await world.admin.patch(f"{path}/{created['id']}", body))["trigger"]

    assert changed == {**created, **body, "updated_at": changed["updated_at"]}
    assert changed["updated_at"] > created["updated_at"]
    assert (await world.admin.get(path))["triggers"] == [changed]


async def test_deleted_trigger_is_gone(world: World, path: str) -> None:
    first, second = [await add(world, path, **trigger()) for _ in range(2)]
    own = f"{path}/{first['id']}"

    assert (await world.admin.request("DELETE", own)).status_code == 204

    assert (await world.admin.get(path))["triggers"] == [second]
    problem(await world.admin.request("DELETE", own), 404, "not_found")
    problem(await world.admin.request("PATCH", own, json={"priority": 1}), 404, "not_found")


async def test_trigger_of_another_campaign_is_not_found_in_this_one(
    world: World, path: str
) -> None:
    other = await world.create_campaign(activate=False)
    foreign = await add(world, f"/campaigns/{other['id']}/triggers", **trigger())
    for method, body in (("PATCH", {"priority": 1}), ("DELETE", None)):
        response = await world.admin.request(method, f"{path}/{foreign['id']}", json=body)
        problem(response, 404, "not_found")


async def test_triggers_of_a_campaign_that_does_not_exist_are_not_found(world: World) -> None:
    path = f"/campaigns/{uuid4()}/triggers"
    problem(await world.admin.request("GET", path), 404, "not_found")
    problem(await world.admin.request("POST", path, json=trigger()), 404, "not_found")


async def test_triggers_are_walked_newest_first(world: World, path: str) -> None:
    added = [await add(world, path, **trigger(priority=index)) for index in range(3)]
    first = await world.staff.get(path, limit=2)
    second = await world.staff.get(path, limit=2, cursor=first["next_cursor"])
    assert first["triggers"] + second["triggers"] == added[::-1]
    assert (first["total"], second["next_cursor"]) == (3, None)


async def test_campaign_takes_a_hundred_triggers_and_no_more(world: World, path: str) -> None:
    for _ in range(100):
        await add(world, path, **trigger("manual"))
    problem(await world.admin.request("POST", path, json=trigger()), 409, "too_many_triggers")
    assert (await world.admin.get(path))["total"] == 100


@pytest.mark.parametrize("trigger_type", ["stage_change", "event", "time_based"])
async def test_manual_campaign_takes_manual_triggers_alone(world: World, trigger_type: str) -> None:
    campaign = await world.create_campaign(activate=False, enrollment_type="manual")
    path = f"/campaigns/{campaign['id']}/triggers"

    response = await world.admin.request("POST", path, json=trigger(trigger_type))
    assert invalid_fields(response) == {"trigger_type"}
    created = await add(world, path, **trigger("manual"))
    own = f"{path}/{created['id']}"
    response = await world.admin.request("PATCH", own, json=trigger(trigger_type))
    assert invalid_fields(response) == {"trigger_type"}
    assert (await world.admin.patch(own, {"is_active": False}))["trigger"]["is_active"] is False


async def test_campaign_with_triggers_does_not_become_manual(world: World, path: str) -> None:
    own = path.removesuffix("/triggers")
    created = await add(world, path, **trigger(is_active=False))
    await add(world, path, **trigger("manual"))

    response = await world.admin.request("PATCH", own, json={"enrollment_type": "manual"})
    assert invalid_fields(response) == {"enrollment_type"}

    await world.admin.delete(f"{path}/{created['id']}")
    changed = await world.admin.patch(own, {"enrollment_type": "manual"})
    assert changed["campaign"]["enrollment_type"] == "manual"


async def test_archived_campaign_keeps_its_triggers_as_they_are(world: World, path: str) -> None:
    created = await add(world, path, **trigger())
    own = f"{path}/{created['id']}"
    await world.admin.patch(path.removesuffix("/triggers"), {"status": "archived"})
    for method, place, body in (
        ("POST", path, trigger()),
        ("PATCH", own, {"is_active": False}),
        ("DELETE", own, None),
    ):
        response = await world.admin.request(method, place, json=body)
        problem(response, 409, "campaign_archived")
    assert (await world.admin.get(path))["triggers"] == [created]


async def test_automatic_campaign_starts_without_a_trigger_and_with_one(world: World) -> None:
    campaign = await world.create_campaign(WAIT, enrollment_type="automatic")
    assert campaign["status"] == "active"
    other = await world.create_campaign(WAIT, activate=False)
    await add(world, f"/campaigns/{other['id']}/triggers", **trigger())
    assert (await world.admin.get(f"/campaigns/{other['id']}/problems"))["total"] == 0
    assert (await world.activate(other))["status"] == "active"


@pytest.mark.parametrize("trigger_type", CONFIGS)
async def test_trigger_reaches_back_to_when_it_was_switched_on_last(
    world: World, path: str, trigger_type: str
) -> None:
    created = await add(world, path, **trigger(trigger_type))
    own = f"{path}/{created['id']}"
    first = await begins(world, created)

    await world.admin.patch(own, {"is_active": True, "priority": 3})
    await world.admin.patch(own, {"is_active": False})
    assert await begins(world, created) == first
    changed = (await world.admin.patch(own, {"is_active": True}))["trigger"]

    again = await begins(world, created)
    assert min(again) > max(first)
    assert datetime.fromisoformat(changed["updated_at"]) == again[0] == again[1]


@pytest.mark.parametrize(
    ("before", "after", "anew"),
    [
        (trigger("time_based"), config("time_based", delay_value=31), True),
        (trigger("time_based"), trigger("time_based"), False),
        (trigger("time_based"), trigger("event"), True),
        (trigger("event"), trigger("time_based"), True),
        (trigger("event"), config("event", event_filters={"size": "small"}), False),
    ],
)
async def test_trigger_for_another_date_looks_ahead_and_one_for_queued_events_does_not_lose_them(
    world: World, path: str, before: Json, after: Json, *, anew: bool
) -> None:
    created = await add(world, path, **before)
    first = await begins(world, created)
    await world.admin.patch(f"{path}/{created['id']}", after)
    again = await begins(world, created)
    assert (min(again) > max(first)) is anew
    assert (again == first) is not anew


async def test_campaign_that_is_started_by_a_manager_starts_its_triggers(world: World) -> None:
    campaign = await world.create_campaign(WAIT, activate=False)
    created = await add(world, f"/campaigns/{campaign['id']}/triggers", **trigger("time_based"))
    other = await world.create_campaign(WAIT, activate=False)
    unmoved = await add(world, f"/campaigns/{other['id']}/triggers", **trigger("time_based"))
    first, unmoved_first = await begins(world, created), await begins(world, unmoved)

    async def set_status(status: str) -> None:
        await world.manager.patch(f"/campaigns/{campaign['id']}", {"status": status})

    await set_status("active")
    started = await begins(world, created)
    await set_status("paused")
    await set_status("active")

    assert min(started) > max(first)
    assert await begins(world, created) == started
    assert await begins(world, unmoved) == unmoved_first


async def test_duplicate_has_the_same_triggers_which_begin_with_it(world: World, path: str) -> None:
    bodies = [
        trigger("time_based", priority=2, enrollment_conditions=NEW),
        trigger("event", is_active=False, exclusion_conditions=WON),
    ]
    added = [await add(world, path, **body) for body in bodies]

    answer = await world.admin.post(f"{path.removesuffix('/triggers')}/duplicate")

    copies = (await world.admin.get(f"/campaigns/{answer['campaign']['id']}/triggers"))["triggers"]
    copies.sort(key=lambda copy: -copy["priority"])
    for original, copy, body in zip(added, copies, bodies, strict=True):
        assert {name: copy[name] for name in body} == body
        assert copy["id"] != original["id"]
        assert min(await begins(world, copy)) > max(await begins(world, original))

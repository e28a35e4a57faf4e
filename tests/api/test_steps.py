"""Steps: what they are made of, and the order of the trunk and of each branch."""

from typing import Any

import pytest

from tests.api.client import invalid_fields, problem
from tests.world import EMAIL, TEXT, World

Json = dict[str, Any]

FORK: Json = {
    "step_type": "conditional",
    "conditions": {"any": [{"field": "contact.stage", "operator": "equals", "value": "new"}]},
}
CONFIGS: dict[str, Json] = {
    "send_email": {
        "subject": "Hi {{ first_name }}",
        "html": "<p>{{ project.name | default: 'your roof' }}</p>",
        "from_name": "Ridge",
        "reply_to": "office@ridge.example",
        "preheader": "About your roof",
    },
    "send_sms": {"body": "Hi {{ first_name }}", "media_urls": ["https://cdn.example/roof.jpg"]},
    "create_task": {
        "title": "Call {{ contact_name }}",
        "description": "About {{ project.name }}",
        "task_type": "call",
        "due_in_days": 2,
        "priority": "high",
    },
    "wait": {"until": {"event": "signed", "timeout": {"delay_value": 2, "delay_unit": "days"}}},
    "update_field": {"entity": "contact", "field": "stage", "value": "contacted"},
    "manage_tags": {"add": ["hail"], "remove": ["cold"]},
    "notify": {"role": "manager", "title": "{{ first_name }}", "message": "Look at this"},
    "webhook": {
        "url": "https://crm.example/hook",
        "method": "PUT",
        "headers": {"X-Source": "campaigns"},
        "body": {"name": "{{ first_name }}", "tags": ["a", 1, None, True]},
    },
    "conditional": {},
    "exit_campaign": {"reason": "stage_changed"},
}
FIELDS = {
    "id",
    "step_type",
    "step_order",
    "step_config",
    "delay_value",
    "delay_unit",
    "parent_step_id",
    "branch",
    "conditions",
    "true_path_step_id",
    "false_path_step_id",
    "on_failure",
    "total_executed",
    "total_succeeded",
    "total_failed",
    "waiting",
    "done",
    "failed",
    "skipped",
    "unknown",
}


@pytest.fixture
async def path(world: World) -> str:
    """The steps of a new draft."""
    campaign = await world.create_campaign(activate=False)
    return f"/campaigns/{campaign['id']}/steps"


async def add(world: World, path: str, name: str = "", **values: Any) -> str:
    """A step that is known by its event's name; its id."""
    until = {"event": name, "timeout": {"delay_value": 1, "delay_unit": "days"}}
    config = {"until": until} if name else {}
    answer = await world.admin.post(path, {"step_type": "wait", "step_config": config, **values})
    return str(answer["step"]["id"])


async def order(
    world: World, path: str, parent: str | None = None, branch: str | None = None
) -> str:
    """The names of a list's steps in their order, which counts each place once."""
    steps = [
        step
        for step in (await world.admin.get(path))["steps"]
        if (step["parent_step_id"], step["branch"]) == (parent, branch)
    ]
    places = [step["step_order"] for step in steps]
    assert places == sorted(set(places))
    return "".join(
        step["step_config"]["until"]["event"] if step["step_config"] else "-" for step in steps
    )


@pytest.mark.parametrize("step_type", CONFIGS)
async def test_each_step_type_is_kept_as_it_was_sent(
    world: World, path: str, step_type: str
) -> None:
    conditions = FORK["conditions"] if step_type == "conditional" else None
    body = {
        "step_type": step_type,
        "step_config": CONFIGS[step_type],
        "delay_value": 3,
        "delay_unit": "weeks",
        "conditions": conditions,
        "on_failure": "exit",
    }
    response = await world.admin.request("POST", path, json=body)

    assert response.status_code == 201
    step = response.json()["step"]
    assert step.keys() >= FIELDS
    assert {name: step[name] for name in body} == body
    assert (step["step_order"], step["total_executed"]) == (1, 0)
    assert await world.admin.get(path) == {"steps": [step], "total": 1}


async def test_step_with_the_least_runs_at_once_and_goes_on_after_a_failure(
    world: World, path: str
) -> None:
    step = (await world.admin.post(path, {"step_type": "wait"}))["step"]
    assert (step["delay_value"], step["delay_unit"]) == (0, "hours")
    assert (step["on_failure"], step["step_config"]) == ("continue", {})


@pytest.mark.parametrize("unit", ["minutes", "hours", "days", "weeks"])
async def test_each_unit_of_delay_is_taken(world: World, path: str, unit: str) -> None:
    step = await world.admin.post(path, {"step_type": "wait", "delay_unit": unit})
    assert step["step"]["delay_unit"] == unit


@pytest.mark.parametrize(
    ("place", "expected"), [(None, "abcx"), (1, "xabc"), (2, "axbc"), (3, "abxc"), (9, "abcx")]
)
async def test_step_posted_into_a_place_moves_the_rest(
    world: World, path: str, place: int | None, expected: str
) -> None:
    for name in "abc":
        await add(world, path, name)
    await add(world, path, "x", **({"step_order": place} if place else {}))
    assert await order(world, path) == expected


@pytest.mark.parametrize(
    ("moved", "place", "expected"),
    [
        ("a", 1, "abcd"),
        ("a", 3, "bcad"),
        ("a", 4, "bcda"),
        ("a", 99, "bcda"),
        ("d", 1, "dabc"),
        ("d", 2, "adbc"),
        ("c", 2, "acbd"),
        ("b", 3, "acbd"),
    ],
)
async def test_patched_order_moves_the_step_and_keeps_the_others_in_order(
    world: World, path: str, moved: str, place: int, expected: str
) -> None:
    ids = {name: await add(world, path, name) for name in "abcd"}
    await world.admin.patch(f"{path}/{ids[moved]}", {"step_order": place})
    assert await order(world, path) == expected


async def test_branches_are_counted_apart(world: World, path: str) -> None:
    await add(world, path, "a")
    fork = str((await world.admin.post(path, FORK))["step"]["id"])
    await add(world, path, "z")
    for branch in ("true", "false"):
        for name in "bc":
            await add(world, path, name, parent_step_id=fork, branch=branch)
    await add(world, path, "x", parent_step_id=fork, branch="true", step_order=1)

    assert await order(world, path) == "a-z"
    assert await order(world, path, fork, "true") == "xbc"
    assert await order(world, path, fork, "false") == "bc"


async def test_step_moved_into_a_branch_leaves_its_list(world: World, path: str) -> None:
    a = await add(world, path, "a")
    fork = str((await world.admin.post(path, FORK))["step"]["id"])
    await add(world, path, "b", parent_step_id=fork, branch="true")

    into = {"parent_step_id": fork, "branch": "true"}
    await world.admin.patch(f"{path}/{a}", into)
    assert (await order(world, path), await order(world, path, fork, "true")) == ("-", "ba")

    await world.admin.patch(f"{path}/{a}", {"branch": "false"})
    assert await order(world, path, fork, "true") == "b"
    assert await order(world, path, fork, "false") == "a"

    await world.admin.patch(
        f"{path}/{a}", {"parent_step_id": None, "branch": None, "step_order": 1}
    )
    assert await order(world, path) == "a-"


async def test_put_order_sorts_lists_that_are_named_whole(world: World, path: str) -> None:
    ids = {name: await add(world, path, name) for name in "abc"}
    fork = str((await world.admin.post(path, {**FORK, "step_order": 1}))["step"]["id"])
    inside = [await add(world, path, name, parent_step_id=fork, branch="true") for name in "de"]
    wanted = [ids["c"], inside[1], ids["a"], fork, inside[0], ids["b"]]

    answer = await world.admin.put(f"{path}/order", {"step_ids": wanted})

    assert answer == await world.admin.get(path)
    assert await order(world, path) == "ca-b"
    assert await order(world, path, fork, "true") == "ed"


async def test_put_order_that_names_a_list_in_part_changes_nothing(world: World, path: str) -> None:
    a, b, c = [await add(world, path, name) for name in "abc"]
    other = await world.create_campaign({"step_type": "wait"}, activate=False)
    (foreign,) = (await world.admin.get(f"/campaigns/{other['id']}/steps"))["steps"]
    for step_ids in ([c, a], [a, a, b, c], [c, b, a, foreign["id"]], []):
        response = await world.admin.request("PUT", f"{path}/order", json={"step_ids": step_ids})
        assert {name.split(".")[0] for name in invalid_fields(response)} == {"step_ids"}
    assert await order(world, path) == "abc"


async def test_patch_changes_what_it_names_and_tells_how_many_wait(world: World) -> None:
    campaign = await world.create_campaign(
        {**TEXT, "delay_value": 3, "delay_unit": "days", "on_failure": "exit"}
    )
    path = f"/campaigns/{campaign['id']}/steps"
    (step,) = (await world.admin.get(path))["steps"]
    for _ in range(2):
        await world.enroll(campaign, await world.create_contact())

    changed = await world.admin.patch(f"{path}/{step['id']}", {"step_config": {"body": "Hello"}})

    assert changed["waiting"] == 2
    assert changed["step"] == {
        **step,
        "step_config": {"body": "Hello"},
        "waiting": 2,
        "updated_at": changed["step"]["updated_at"],
    }


async def test_deleted_step_is_answered_with_how_many_waited_and_is_gone(world: World) -> None:
    campaign = await world.create_campaign({**TEXT, "delay_value": 3}, EMAIL)
    path = f"/campaigns/{campaign['id']}/steps"
    first, second = (await world.admin.get(path))["steps"]
    await world.enroll(campaign, await world.create_contact())

    response = await world.admin.request("DELETE", f"{path}/{first['id']}")

    assert response.status_code == 200
    assert (response.json()["step"]["id"], response.json()["waiting"]) == (first["id"], 1)
    assert [step["id"] for step in (await world.admin.get(path))["steps"]] == [second["id"]]
    problem(await world.admin.request("DELETE", f"{path}/{first['id']}"), 404, "not_found")
    body = {"delay_value": 1}
    response = await world.admin.request("PATCH", f"{path}/{first['id']}", json=body)
    problem(response, 404, "not_found")


async def test_deleted_conditional_takes_its_branches_with_it(world: World, path: str) -> None:
    fork = str((await world.admin.post(path, FORK))["step"]["id"])
    inner = str(
        (await world.admin.post(path, {**FORK, "parent_step_id": fork, "branch": "true"}))["step"][
            "id"
        ]
    )
    await add(world, path, "deep", parent_step_id=inner, branch="false")
    await add(world, path, "a")

    await world.admin.delete(f"{path}/{fork}")

    assert (await world.admin.get(path))["total"] == 1
    assert await order(world, path) == "a"


async def test_place_of_a_deleted_step_is_free_again(world: World, path: str) -> None:
    a = await add(world, path, "a")
    await add(world, path, "b")
    await world.admin.delete(f"{path}/{a}")
    await add(world, path, "c", step_order=1)
    assert await order(world, path) == "cb"


async def test_step_of_another_campaign_is_not_found_in_this_one(world: World, path: str) -> None:
    other = await world.create_campaign({"step_type": "wait"}, activate=False)
    (foreign,) = (await world.admin.get(f"/campaigns/{other['id']}/steps"))["steps"]
    for method, body in (("PATCH", {"delay_value": 1}), ("DELETE", None)):
        response = await world.admin.request(method, f"{path}/{foreign['id']}", json=body)
        problem(response, 404, "not_found")


async def test_archived_campaign_keeps_its_steps_and_settings_as_they_are(world: World) -> None:
    campaign = await world.create_campaign(TEXT, EMAIL)
    own = f"/campaigns/{campaign['id']}"
    await world.admin.patch(own, {"status": "archived"})
    before = await world.admin.get(own), await world.admin.get(f"{own}/steps")
    first, second = [step["id"] for step in before[1]["steps"]]
    for method, place, body in (
        ("POST", "/steps", EMAIL),
        ("PATCH", f"/steps/{first}", {"delay_value": 3}),
        ("PUT", "/steps/order", {"step_ids": [second, first]}),
        ("DELETE", f"/steps/{first}", None),
        ("PATCH", "", {"name": "Other"}),
        ("PATCH", "", {"on_resume": "skip"}),
        ("PATCH", "", {"business_hours": None, "status": "archived"}),
    ):
        response = await world.admin.request(method, own + place, json=body)
        problem(response, 409, "campaign_archived")
    assert (await world.admin.get(own), await world.admin.get(f"{own}/steps")) == before

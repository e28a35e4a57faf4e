"""Campaign templates: what a campaign is made of, saved and used again."""

import asyncio
from typing import Any

import pytest

from domain.enums import Role
from tests.api.client import problem
from tests.api.test_campaigns import EVERYTHING
from tests.world import EMAIL, TEXT, Json, World

BUILTIN = {
    "new-lead-welcome": ("New Lead Welcome Series", "lead_nurture", 6, 7),
    "estimate-follow-up": ("Estimate Follow-up Sequence", "follow_up", 6, 10),
    "post-inspection": ("Post-Inspection Follow-up", "follow_up", 3, 2),
    "winback-inactive": ("Win-back Inactive Leads", "reengagement", 3, 14),
    "review-request": ("Customer Review Request", "review", 5, 10),
    "storm-damage": ("Storm Damage Outreach", "follow_up", 6, 7),
}
TEMPLATES = "/campaign-templates"
FROM_TEMPLATE = "/campaigns/from-template"
CATEGORY = {"name": "Hail", "category": "storm"}
STEP_FIELDS = (
    "step_type", "step_order", "step_config", "branch", "delay_value", "delay_unit", "conditions",
    "on_failure",
)  # fmt: skip
REFERENCES = ("parent_step_id", "true_path_step_id", "false_path_step_id")


async def save(world: World, campaign: Json, **values: Any) -> Json:
    body = {"campaign_id": campaign["id"], **CATEGORY, **values}
    template: Json = (await world.admin.post(TEMPLATES, body))["template"]
    return template


async def revise(world: World, template: Json, campaign: Json, **values: Any) -> Json:
    body = {"campaign_id": campaign["id"], **CATEGORY, **values}
    revised: Json = (await world.admin.put(f"{TEMPLATES}/{template['id']}", body))["template"]
    return revised


async def make(world: World, template_id: str, **values: Any) -> Json:
    answer = await world.admin.post(FROM_TEMPLATE, {"template_id": template_id, **values})
    campaign: Json = answer["campaign"]
    return campaign


async def steps_of(world: World, campaign: Json) -> list[Json]:
    steps: list[Json] = (await world.admin.get(f"/campaigns/{campaign['id']}/steps"))["steps"]
    return steps


def shape(steps: list[Json]) -> list[Json]:
    """Steps without their ids: a step is known by its list, its place and those of its conditional."""
    by_id = {step["id"]: step for step in steps}

    def place(step_id: str | None) -> tuple[Any, ...] | None:
        if step_id is None:
            return None
        step = by_id[step_id]
        return (place(step["parent_step_id"]), step["branch"], step["step_order"])

    return sorted(
        (
            {
                **{name: step[name] for name in STEP_FIELDS},
                **{name: place(step[name]) for name in REFERENCES},
            }
            for step in steps
        ),
        key=str,
    )


async def create_branched(world: World, **values: Any) -> Json:
    """A campaign with branches in branches, a jump, a delay, and a deleted step."""
    campaign = await world.create_campaign(activate=False, **values)
    conditions = {"all": [{"field": "contact.stage", "operator": "equals", "value": "new"}]}
    fork = {"step_type": "conditional", "conditions": conditions}
    outer = await world.add_step(campaign, **fork)
    await world.add_step(campaign, **EMAIL, delay_value=2, delay_unit="days")
    inner = await world.add_step(campaign, **fork, parent_step_id=outer["id"], branch="false")
    await world.add_step(campaign, **TEXT, parent_step_id=outer["id"], branch="true")
    await world.add_step(campaign, **TEXT, parent_step_id=inner["id"], branch="true")
    gone = await world.add_step(campaign, step_type="wait", delay_value=1)
    last = await world.add_step(campaign, **TEXT, on_failure="exit")
    await world.add_step(campaign, **EMAIL, parent_step_id=inner["id"], branch="true")
    await world.admin.delete(f"/campaigns/{campaign['id']}/steps/{gone['id']}")
    path = f"/campaigns/{campaign['id']}/steps/{inner['id']}"
    await world.admin.patch(path, {"false_path_step_id": last["id"]})
    return campaign


async def test_built_in_templates_are_there_for_every_role(world: World) -> None:
    for who in (world.admin, world.manager, world.staff):
        answer = await who.get(TEMPLATES)
        found = {
            each["id"]: (
                each["name"], each["category"], each["steps_count"], each["duration_days"],
            )
            for each in answer["templates"]
        }  # fmt: skip
        assert found == BUILTIN
        assert answer["total"] == 6
    for template in answer["templates"]:
        assert template["is_builtin"]
        assert template["description"]
        assert len(template["steps"]) == template["steps_count"]
        path = f"{TEMPLATES}/{template['id']}"
        assert await world.staff.get(path) == {"template": template}
        versions = await world.staff.get(f"{path}/versions")
        assert (versions["templates"], versions["total"]) == ([template], 1)


async def test_category_filters_built_in_and_own_ones(world: World) -> None:
    campaign = await world.create_campaign(EMAIL, activate=False)
    own = await save(world, campaign, category="review")
    await save(world, campaign, category="storm")

    answer = await world.staff.get(TEMPLATES, category="review")

    ids = [each["id"] for each in answer["templates"]]
    assert (ids, answer["total"]) == ([own["id"], "review-request"], 2)
    for unknown in ("none", ""):
        assert (await world.staff.get(TEMPLATES, category=unknown))["templates"] == []


async def test_campaign_from_a_built_in_template_is_a_draft_with_all_of_it(world: World) -> None:
    template = (await world.staff.get(f"{TEMPLATES}/new-lead-welcome"))["template"]

    response = await world.admin.request(
        "POST", FROM_TEMPLATE, json={"template_id": "new-lead-welcome"}
    )

    assert response.status_code == 201
    campaign = response.json()["campaign"]
    assert (campaign["status"], campaign["name"]) == ("draft", template["name"])
    assert campaign["created_by"] == str(world.user_ids[Role.ADMIN])
    assert {name: campaign[name] for name in template["campaign"]} == template["campaign"]
    assert shape(await steps_of(world, campaign)) == shape(template["steps"])
    found = (await world.admin.get(f"/campaigns/{campaign['id']}/triggers"))["triggers"]
    assert [{name: each[name] for name in template["triggers"][0]} for each in found] == template[
        "triggers"
    ]


async def test_branches_and_paths_survive_a_template(world: World) -> None:
    original = await create_branched(world)
    template = await save(world, original)

    campaign = await make(world, template["id"])

    steps = await steps_of(world, campaign)
    assert shape(steps) == shape(await steps_of(world, original)) == shape(template["steps"])
    assert not {step["id"] for step in steps} & {s["id"] for s in await steps_of(world, original)}
    assert (template["steps_count"], template["duration_days"]) == (7, 2)
    assert not template["is_builtin"]
    await world.activate(campaign)


async def test_settings_and_triggers_survive_a_template(world: World) -> None:
    original = (await world.admin.post("/campaigns", EVERYTHING))["campaign"]
    trigger = {
        "trigger_type": "manual",
        "trigger_config": {"manual": True},
        "exclusion_conditions": {
            "all": [{"field": "contact.stage", "operator": "equals", "value": "won"}]
        },
        "priority": 5,
        "is_active": False,
    }
    await world.admin.post(f"/campaigns/{original['id']}/triggers", trigger)
    template = await save(world, original, description="For hail")

    campaign = await make(world, template["id"], name="Hail in May")

    expected = {**EVERYTHING, "name": "Hail in May"}
    assert {name: campaign[name] for name in expected} == expected
    assert campaign["total_enrolled"] == 0
    (copy,) = (await world.admin.get(f"/campaigns/{campaign['id']}/triggers"))["triggers"]
    assert {name: copy[name] for name in trigger} == trigger
    assert (template["description"], template["category"]) == ("For hail", "storm")


async def test_template_stays_as_it_was_when_its_campaign_changes_or_goes(world: World) -> None:
    campaign = await world.create_campaign(EMAIL, activate=False)
    template = await save(world, campaign)
    await world.add_step(campaign, **TEXT)
    await world.admin.delete(f"/campaigns/{campaign['id']}")

    assert (await world.staff.get(f"{TEMPLATES}/{template['id']}"))["template"] == template
    (step,) = await steps_of(world, await make(world, template["id"]))
    assert step["step_type"] == "send_email"


async def test_every_save_is_a_version_and_the_earlier_ones_can_be_used(world: World) -> None:
    one = await world.create_campaign(EMAIL, activate=False)
    two = await world.create_campaign(TEXT, TEXT, activate=False)
    first = await save(world, one, name="First")

    second = await revise(world, first, two, name="Second", category="rain")

    assert (second["id"], second["version"]) == (first["id"], 2)
    path = f"{TEMPLATES}/{first['id']}"
    assert (await world.staff.get(path))["template"] == second
    versions = await world.staff.get(f"{path}/versions")
    assert (versions["templates"], versions["total"]) == ([second, first], 2)
    assert len(await steps_of(world, await make(world, first["id"]))) == 2
    assert (await world.staff.get(path, version=1))["template"] == first
    missing = await world.staff.request("GET", path, params={"version": 3})
    problem(missing, 404, "not_found")
    old = await make(world, first["id"], version=1)
    assert (old["name"], len(await steps_of(world, old))) == ("First", 1)
    listed = (await world.staff.get(TEMPLATES))["templates"]
    assert [each["version"] for each in listed if each["id"] == first["id"]] == [2]
    assert (await world.staff.get(TEMPLATES, category="storm"))["templates"] == []


async def test_restored_version_is_the_latest(world: World) -> None:
    one = await world.create_campaign(EMAIL, activate=False)
    two = await world.create_campaign(TEXT, activate=False)
    first = await save(world, one, name="First")
    await revise(world, first, two, name="Second", description="New")
    path = f"{TEMPLATES}/{first['id']}"

    restored = (await world.admin.post(f"{path}/restore", {"version": 1}))["template"]

    said = ("name", "category", "description", "campaign", "steps", "triggers")
    assert restored["version"] == 3
    assert {name: restored[name] for name in said} == {name: first[name] for name in said}
    assert (await world.staff.get(path))["template"] == restored
    missing = await world.admin.request("POST", f"{path}/restore", json={"version": 9})
    problem(missing, 404, "not_found")


async def test_saves_at_the_same_time_are_versions_one_after_the_other(world: World) -> None:
    campaign = await world.create_campaign(EMAIL, activate=False)
    template = await save(world, campaign)

    saved = await asyncio.gather(*(revise(world, template, campaign) for _ in range(5)))

    assert sorted(each["version"] for each in saved) == [2, 3, 4, 5, 6]
    versions = (await world.staff.get(f"{TEMPLATES}/{template['id']}/versions"))["templates"]
    assert [each["version"] for each in versions] == [6, 5, 4, 3, 2, 1]


async def test_deleted_template_is_gone_and_its_campaigns_stay(world: World) -> None:
    template = await save(world, await world.create_campaign(EMAIL, activate=False))
    await revise(world, template, await world.create_campaign(TEXT, activate=False))
    campaign = await make(world, template["id"], version=1)
    path = f"{TEMPLATES}/{template['id']}"

    response = await world.admin.request("DELETE", path)

    assert (response.status_code, response.content) == (204, b"")
    body = {"template_id": template["id"], "version": 1}
    for method, gone, sent in (
        ("GET", path, None),
        ("GET", f"{path}/versions", None),
        ("DELETE", path, None),
        ("POST", f"{path}/restore", {"version": 1}),
        ("PUT", path, {"campaign_id": campaign["id"], **CATEGORY}),
        ("POST", FROM_TEMPLATE, body),
    ):
        problem(await world.admin.request(method, gone, json=sent), 404, "not_found")
    assert (await world.staff.get(TEMPLATES))["total"] == len(BUILTIN)
    assert len(await steps_of(world, campaign)) == 1


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", ""), ("DELETE", ""), ("POST", "/restore")], ids=str
)
async def test_built_in_template_takes_no_change(world: World, method: str, path: str) -> None:
    campaign = await world.create_campaign(EMAIL, activate=False)
    body = {
        "PUT": {"campaign_id": campaign["id"], **CATEGORY},
        "DELETE": None,
        "POST": {"version": 1},
    }
    response = await world.admin.request(
        method, f"{TEMPLATES}/storm-damage{path}", json=body[method]
    )
    problem(response, 409, "builtin_template")


async def test_own_templates_come_before_the_built_in_ones_on_pages_without_gaps(
    world: World,
) -> None:
    campaign = await world.create_campaign(EMAIL, activate=False)
    own = [(await save(world, campaign))["id"] for _ in range(5)]
    whole = await world.staff.get(TEMPLATES)
    ids = [each["id"] for each in whole["templates"]]
    assert ids == [*reversed(own), *sorted(BUILTIN)]
    assert (whole["limit"], whole["offset"], whole["next_cursor"]) == (50, 0, None)

    by_offset: list[str] = []
    for offset in range(0, len(ids) + 3, 3):
        page = await world.staff.get(TEMPLATES, limit=3, offset=offset)
        assert (page["total"], page["limit"], page["offset"]) == (len(ids), 3, offset)
        by_offset += [each["id"] for each in page["templates"]]
    assert by_offset == ids

    page = await world.staff.get(TEMPLATES, limit=3)
    by_cursor = page["templates"]
    while page["next_cursor"]:
        page = await world.staff.get(TEMPLATES, limit=3, cursor=page["next_cursor"])
        by_cursor += page["templates"]
    assert [each["id"] for each in by_cursor] == ids

"""What is wrong with a trigger is told when it is saved, at its field."""

from typing import Any

import pytest

from tests.api.client import invalid_fields
from tests.api.test_triggers import CONFIGS, add, config, trigger, where
from tests.world import World

Json = dict[str, Any]


@pytest.fixture
async def path(world: World) -> str:
    """The triggers of a new draft."""
    campaign = await world.create_campaign(activate=False)
    return f"/campaigns/{campaign['id']}/triggers"


BAD = [
    (trigger() | {"trigger_type": "psychic"}, "trigger_type"),
    (trigger(surprise=1), "surprise"),
    (trigger(trigger_config=None), "trigger_config"),
    (trigger(trigger_config=[]), "trigger_config"),
    (trigger(priority=1.5), "priority"),
    (trigger(priority=10**7), "priority"),
    (trigger(priority=None), "priority"),
    (trigger(is_active="yes"), "is_active"),
    # Stages
    (config("stage_change", entity_type="task"), "trigger_config.entity_type"),
    (config("stage_change", entity_type=None), "trigger_config.entity_type"),
    (config("stage_change", to_stage=None), "trigger_config.to_stage"),
    (config("stage_change", to_stage="  "), "trigger_config.to_stage"),
    (config("stage_change", to_stage="x" * 101), "trigger_config.to_stage"),
    (config("stage_change", to_stage="NEW"), "trigger_config.from_stage"),
    (config("stage_change", event_name="x"), "trigger_config.event_name"),
    # Events
    (config("event", event_name=None), "trigger_config.event_name"),
    (config("event", event_name=" "), "trigger_config.event_name"),
    (config("event", event_name="x" * 101), "trigger_config.event_name"),
    (config("event", to_stage="won"), "trigger_config.to_stage"),
    (config("event", event_filters="size = large"), "trigger_config.event_filters"),
    (config("event", event_filters={"size": None}), "trigger_config.event_filters.size"),
    (config("event", event_filters={"size": []}), "trigger_config.event_filters.size"),
    (config("event", event_filters={"size": " "}), "trigger_config.event_filters.size"),
    (config("event", event_filters={"size": {"is": 5}}), "trigger_config.event_filters.size"),
    (config("event", event_filters={"a/b": 5}), "trigger_config.event_filters.a/b"),
    (
        config("event", event_filters={f"p{index}": 1 for index in range(101)}),
        "trigger_config.event_filters",
    ),
    (config("event", event_filters={"all": "large"}), "trigger_config.event_filters.all"),
    (
        config("event", event_filters=where("contact.stage")),
        "trigger_config.event_filters.0.field",
    ),
    (
        config("event", event_filters={"any": where("event.size", "resembles")}),
        "trigger_config.event_filters.any.0.operator",
    ),
    (
        config("event", event_filters={"field": "north", "operator": "equals", "value": 5}),
        "trigger_config.event_filters.field",
    ),
    # Dates
    (config("time_based", relative_to=None), "trigger_config.relative_to"),
    (config("time_based", relative_to="stage"), "trigger_config.relative_to"),
    (config("time_based", relative_to="contact.stage"), "trigger_config.relative_to"),
    (config("time_based", relative_to="enrollment.enrolled_at"), "trigger_config.relative_to"),
    (config("time_based", relative_to="custom."), "trigger_config.relative_to"),
    (config("time_based", delay_value=None), "trigger_config.delay_value"),
    (config("time_based", delay_value="3"), "trigger_config.delay_value"),
    (config("time_based", delay_value=3651), "trigger_config.delay_value"),
    (config("time_based", delay_value=-522, delay_unit="weeks"), "trigger_config.delay_value"),
    (config("time_based", delay_unit="months"), "trigger_config.delay_unit"),
    (config("time_based", delay_unit=None), "trigger_config.delay_unit"),
    # Manual
    (config("manual", manual=None), "trigger_config.manual"),
    (config("manual", manual=False), "trigger_config.manual"),
    # Conditions: there is no enrollment yet
    *(
        (trigger() | {name: conditions}, f"{name}{place}")
        for name in ("enrollment_conditions", "exclusion_conditions")
        for conditions, place in (
            ("stage = new", ""),
            ({"some": []}, ""),
            (where("contact.mood"), ".0.field"),
            (where("enrollment.emails_opened", "greater_than", 1), ".0.field"),
            ({"any": where("replied", "equals", True)}, ".any.0.field"),
            ({"all": where("contact.stage", "greater_than", 1)}, ".all.0.operator"),
        )
    ),
]


@pytest.mark.parametrize(("body", "field"), BAD)
async def test_trigger_that_makes_no_sense_is_named_and_nothing_is_stored(
    world: World, path: str, body: Json, field: str
) -> None:
    assert invalid_fields(await world.admin.request("POST", path, json=body)) == {field}
    assert (await world.admin.get(path))["total"] == 0

    trigger_type = body["trigger_type"] if body["trigger_type"] in CONFIGS else "manual"
    created = await add(world, path, **trigger(trigger_type))
    changed = await world.admin.request("PATCH", f"{path}/{created['id']}", json=body)
    assert invalid_fields(changed) == {field}
    assert (await world.admin.get(path))["triggers"] == [created]


async def test_every_mistake_is_told_at_once(world: World, path: str) -> None:
    body = {
        **config("time_based", relative_to="mood", delay_value=10**6),
        "enrollment_conditions": where("contact.mood"),
        "exclusion_conditions": where("enrollment.replied", "equals", True),
    }
    assert invalid_fields(await world.admin.request("POST", path, json=body)) == {
        "trigger_config.relative_to",
        "trigger_config.delay_value",
        "enrollment_conditions.0.field",
        "exclusion_conditions.0.field",
    }


@pytest.mark.parametrize("missing", ["trigger_type", "trigger_config"])
async def test_type_and_configuration_are_required(world: World, path: str, missing: str) -> None:
    body = {name: value for name, value in trigger().items() if name != missing}
    assert invalid_fields(await world.admin.request("POST", path, json=body)) == {missing}


async def test_new_type_is_checked_against_the_configuration_that_is_there(
    world: World, path: str
) -> None:
    created = await add(world, path, **trigger("event"))
    own = f"{path}/{created['id']}"
    response = await world.admin.request("PATCH", own, json={"trigger_type": "manual"})
    assert "trigger_config.manual" in invalid_fields(response)
    changed = await world.admin.patch(own, trigger("stage_change"))
    assert changed["trigger"]["trigger_type"] == "stage_change"

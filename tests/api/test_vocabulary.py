"""What editors are offered, with what the company has named itself."""

from typing import Any

from sqlalchemy import text

from db.session import engine
from domain import vocabulary
from tests.world import Json, World


async def offered(world: World, what: str) -> dict[str, Json]:
    answer = await world.staff.get("/vocabulary")
    assert answer.keys() == {"variables", "fields", "events", "operators"}
    return {each["name"]: each for each in answer[what]}


async def test_vocabulary_is_the_systems_for_a_new_company(world: World) -> None:
    fields = await offered(world, "fields")
    assert fields["contact.stage"] == {
        "name": "contact.stage",
        "label": "Stage",
        "type": "text",
        "operators": [
            "equals", "not_equals", "contains", "not_contains", "starts_with", "ends_with",
            "in", "not_in", "is_set", "is_not_set",
        ],
        "values": None,
    }  # fmt: skip
    assert fields["enrollment.enrollment_source"]["values"] == [
        "automatic_trigger", "manual_admin", "api", "bulk_import",
    ]  # fmt: skip
    assert not [name for name in fields if "custom" in name]
    variables = await offered(world, "variables")
    assert variables["first_name"] == {
        "name": "first_name",
        "label": "First name",
        "group": "Contact",
    }
    operators = await offered(world, "operators")
    assert operators["within_last_days"]["takes"] == "days"
    assert operators["in"] == {"name": "in", "label": "is one of", "takes": "values"}
    events = await offered(world, "events")
    assert events["deal_won"] == {"name": "deal_won", "label": "A deal is won"}


async def test_custom_fields_are_offered_however_they_came(world: World, stranger: World) -> None:
    contact = await world.create_contact(custom={"roof_age": 12})
    await world.admin.patch(f"/contacts/{contact['id']}", {"custom": {"gate code": "7"}})
    await world.admin.post("/projects", {"contact_id": contact["id"], "custom": {"material": "x"}})

    own = {"custom.roof_age", "custom.gate code", "project.custom.material"}
    assert own <= (await offered(world, "fields")).keys()
    variables = await offered(world, "variables")
    assert variables['custom["gate code"]']["label"] == "Gate code"
    assert {"custom.roof_age", "project.custom.material"} <= variables.keys()
    assert not own & (await offered(stranger, "fields")).keys()


async def test_own_events_are_offered_when_they_came_or_a_trigger_listens(
    world: World, stranger: World
) -> None:
    contact = await world.create_contact()
    await world.admin.post("/events", {"event_name": "hail_hit", "contact_id": contact["id"]})
    campaign = await world.create_campaign({"step_type": "wait"})
    config = {"event_name": "contract_signed"}
    await world.admin.post(
        f"/campaigns/{campaign['id']}/triggers",
        {"trigger_type": "event", "trigger_config": config},
    )

    events = await offered(world, "events")

    assert events["hail_hit"]["label"] == "Hail hit"
    assert events["contract_signed"]["label"] == "Contract signed"
    assert "hail_hit" not in await offered(stranger, "events")


async def test_every_event_of_the_database_is_offered(world: World) -> None:
    """The names that its triggers write: `0002_events.sql`."""
    contact = await world.create_contact(stage="lead", tags=["hail"])
    path = f"/contacts/{contact['id']}"
    await world.admin.patch(path, {"stage": "won", "tags": ["vip"], "email_opt_out": True})
    project: Any = await world.admin.post("/projects", {"contact_id": contact["id"]})
    await world.admin.patch(f"/projects/{project['project']['id']}", {"stage": "won"})
    task = await world.admin.post("/tasks", {"title": "Call", "contact_id": contact["id"]})
    await world.admin.patch(f"/tasks/{task['task']['id']}", {"status": "completed"})

    async with world.database.transaction(engine(world.tenant_id)) as session:
        raised = set(await session.scalars(text("select distinct event_name from events")))

    assert len(raised) == 11
    assert raised <= vocabulary.EVENTS.keys()

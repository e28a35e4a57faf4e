"""What the database, or the law, refuses at the time of the step fails or skips it; the walk goes on."""

import pytest

from tests.engine.helpers import run_through, tag, walked
from tests.world import EMAIL, World

LONG = "x" * 200


def set_field(field: str, value: object) -> dict[str, object]:
    config = {"entity": "contact", "field": field, "value": value}
    return {"step_type": "update_field", "step_config": config}


@pytest.mark.parametrize("field", ["stage", "state", "postal_code", "assigned_to", "timezone"])
async def test_rendered_value_that_does_not_fit_is_skipped(world: World, field: str) -> None:
    contact = await world.create_contact(first_name=LONG)

    enrollment = await run_through(
        world, set_field(field, "{{ first_name }}"), tag("after"), contact=contact
    )

    assert enrollment["executions"][0]["result_data"]["skipped"] == "bad_value"
    assert await walked(world, contact) == ["after"]


async def test_rendered_user_that_does_not_work_here_fails_the_step(world: World) -> None:
    nobody = "11111111-2222-4333-8444-555555555555"
    contact = await world.create_contact(custom={"rep": nobody})

    enrollment = await run_through(
        world, set_field("assigned_to", "{{ custom.rep }}"), tag("after"), contact=contact
    )

    first = enrollment["executions"][0]
    assert first["status"] == "failed"
    assert "names nothing of this company" in first["error_message"]
    assert await walked(world, contact) == ["after"]


async def test_user_that_does_not_work_here_is_refused_when_the_step_is_saved(world: World) -> None:
    campaign = await world.create_campaign(activate=False)
    nobody = "11111111-2222-4333-8444-555555555555"

    answer = await world.admin.request(
        "POST", f"/campaigns/{campaign['id']}/steps", json=set_field("assigned_to", nobody)
    )

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["step_config.value"]


async def test_long_rendered_title_is_cut(world: World) -> None:
    contact = await world.create_contact(first_name=LONG)
    title = "{{ first_name }} " * 5
    step = {"step_type": "create_task", "step_config": {"title": title, "task_type": "call"}}

    enrollment = await run_through(world, step, contact=contact)

    assert enrollment["executions"][0]["status"] == "completed"
    (task,) = (await world.admin.get("/tasks", contact_id=contact["id"]))["tasks"]
    assert len(task["title"]) <= 500


async def test_email_of_a_company_without_postal_address_is_skipped(world: World) -> None:
    campaign = await world.create_campaign(EMAIL)
    await world.admin.patch("/settings", {"postal_address": None})
    contact = await world.create_contact()

    enrollment = await world.finished(await world.enroll(campaign, contact))

    assert enrollment["executions"][0]["result_data"]["skipped"] == "no_postal_address"
    assert await world.messages(contact["email"]) == []

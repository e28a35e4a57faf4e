"""The `webhook` step: signed, retried, and refused where it may not go."""

import json

import pytest
from standardwebhooks import Webhook

from tests.engine.helpers import path, run_through, statuses, tag, walked
from tests.world import Json, World, eventually


async def test_webhook_is_signed_with_the_secret_of_the_settings(
    world: World, sandbox_url: str
) -> None:
    contact = await world.create_contact()
    body = {"who": "{{ contact_name }}", "list": ["{{ first_name }}", 3], "yes": True}
    step = hook(f"{sandbox_url}/hook/{contact['id']}", body=body, headers={"X-Roof": "slate"})

    enrollment = await run_through(world, step, contact=contact)

    (call,) = await world.messages(contact["id"])
    secret = (await world.admin.get("/settings"))["settings"]["webhook_secret"]
    verified = Webhook(secret).verify(call["body"], call["headers"])
    assert verified == {"who": "Ann Lee", "list": ["Ann", 3], "yes": True}
    assert call["method"] == "POST"
    assert call["headers"]["x-roof"] == "slate"
    (execution,) = enrollment["executions"]
    assert call["headers"]["webhook-id"] == execution["id"]
    assert execution["result_data"] == {"status": 200, "body": ""}


async def test_webhook_without_a_body_tells_who_and_what(world: World, sandbox_url: str) -> None:
    contact = await world.create_contact()
    step = hook(f"{sandbox_url}/hook/{contact['id']}")

    enrollment = await run_through(world, step, contact=contact)

    (call,) = await world.messages(contact["id"])
    assert json.loads(call["body"]) == {
        "type": "campaign.step",
        "data": {
            "campaign_id": enrollment["campaign_id"],
            "enrollment_id": enrollment["id"],
            "step_id": enrollment["executions"][0]["step_id"],
            "contact_id": contact["id"],
        },
    }


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_webhook_uses_the_method_of_the_step(
    world: World, sandbox_url: str, method: str
) -> None:
    contact = await world.create_contact()
    step = hook(f"{sandbox_url}/hook/{contact['id']}", method=method)

    await run_through(world, step, contact=contact)

    (call,) = await world.messages(contact["id"])
    assert call["method"] == method
    assert (call["body"] == "") is (method == "GET")


async def test_webhook_that_answers_500_is_retried_under_the_same_id(
    world: World, sandbox_url: str
) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(
        hook(f"{sandbox_url}/hook/{contact['id']}?status=500"), tag("after")
    )
    enrollment = await world.enroll(campaign, contact)

    async def is_called_twice() -> bool:
        return len(await world.messages(contact["id"])) >= 2

    await eventually(is_called_twice)
    calls = await world.messages(contact["id"])
    assert len({call["headers"]["webhook-id"] for call in calls}) == 1
    waiting = await world.detail(enrollment)
    assert statuses(waiting) == [("webhook", "running")]
    assert "500" in waiting["executions"][0]["error_message"]
    assert await walked(world, contact) == []
    await world.admin.post(f"{path(enrollment)}/exit")


async def test_webhook_that_answers_404_has_failed(world: World, sandbox_url: str) -> None:
    contact = await world.create_contact()
    step = hook(f"{sandbox_url}/hook/{contact['id']}?status=404")

    enrollment = await run_through(world, step, tag("after"), contact=contact)

    failed, _ = enrollment["executions"]
    assert failed["status"] == "failed"
    assert "404" in failed["error_message"]
    assert len(await world.messages(contact["id"])) == 1
    assert await walked(world, contact) == ["after"]


def hook(url: str, **config: object) -> Json:
    return {"step_type": "webhook", "step_config": {"url": url, **config}}

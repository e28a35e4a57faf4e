"""What is wrong with a step is told when it is saved, not at nine in the morning in a homeowner's inbox."""

from typing import Any
from uuid import uuid4

import pytest

from tests.api.client import invalid_fields
from tests.api.test_steps import CONFIGS, FORK
from tests.world import World

Json = dict[str, Any]

NOBODY = str(uuid4())


def config(step_type: str, **changes: object) -> Json:
    """A good step, but for this; a change to None takes the field away."""
    values = {**CONFIGS[step_type], **changes}
    return {
        "step_type": step_type,
        "step_config": {name: value for name, value in values.items() if value is not None},
    }


def where(**comparison: object) -> Json:
    """A conditional, but for this comparison."""
    good = {"field": "contact.stage", "operator": "equals", "value": "new"}
    return {"step_type": "conditional", "conditions": {"all": [{**good, **comparison}]}}


def timeout(**changes: object) -> Json:
    limit = {"delay_value": 1, "delay_unit": "days", **changes}
    return {"step_type": "wait", "step_config": {"until": {"event": "signed", "timeout": limit}}}


def variants(*tested: Json, step_type: str = "send_email", **changes: object) -> Json:
    """A good step, of which these are tested."""
    return config(step_type, variants=list(tested), **changes)


A: Json = {"name": "A", "weight": 50}
B: Json = {"name": "B", "weight": 12.5}

BAD: list[tuple[Json, str]] = [
    ({"step_type": "teleport"}, "step_type"),
    ({"step_type": None}, "step_type"),
    ({"step_type": "wait", "step_config": []}, "step_config"),
    ({"step_type": "wait", "step_config": {"hurry": 1}}, "step_config.hurry"),
    # Time
    ({"step_type": "wait", "delay_value": -1}, "delay_value"),
    ({"step_type": "wait", "delay_value": 1.5}, "delay_value"),
    ({"step_type": "wait", "delay_value": "soon"}, "delay_value"),
    ({"step_type": "wait", "delay_value": 522, "delay_unit": "weeks"}, "delay_value"),
    ({"step_type": "wait", "delay_unit": "fortnights"}, "delay_unit"),
    ({"step_type": "wait", "step_order": 0}, "step_order"),
    (timeout(delay_value=0), "step_config.until.timeout.delay_value"),
    (timeout(delay_unit="moons"), "step_config.until.timeout.delay_unit"),
    (timeout(delay_value=10**6), "step_config.until.timeout.delay_value"),
    # Content
    (config("send_email", subject=None), "step_config.subject"),
    (config("send_email", html=None), "step_config.html"),
    (config("send_email", subject="{{ frist_name }}"), "step_config.subject"),
    (config("send_email", subject="{{ first_name"), "step_config.subject"),
    (config("send_email", html="{% if first_name %}Hi"), "step_config.html"),
    (config("send_email", html="{{ contact.tenant_id }}"), "step_config.html"),
    (config("send_email", html="{{ first_name | shout }}"), "step_config.html"),
    (config("send_email", html="{% include 'other' %}"), "step_config.html"),
    (config("send_email", preheader="{{ nothing }}"), "step_config.preheader"),
    (config("send_email", reply_to="nobody"), "step_config.reply_to"),
    (config("send_email", template_id="7"), "step_config.template_id"),
    (config("send_sms", body=None), "step_config.body"),
    (config("send_sms", body="x" * 1601), "step_config.body"),
    (config("send_sms", body="{{ secret }}"), "step_config.body"),
    (config("send_sms", media_urls=["http://cdn.example/a.jpg"]), "step_config.media_urls.0"),
    (config("create_task", title=None), "step_config.title"),
    (config("create_task", title="{{ who }}"), "step_config.title"),
    (config("create_task", due_in_days=-1), "step_config.due_in_days"),
    (config("create_task", assigned_to=NOBODY), "step_config.assigned_to"),
    (config("notify", role=None), "step_config.user_ids"),
    (config("notify", role="king"), "step_config.role"),
    (config("notify", user_ids=[NOBODY]), "step_config.user_ids.0"),
    (config("notify", message="{{ who }}"), "step_config.message"),
    # Variants that are tested against each other
    (variants(), "step_config.variants"),
    (variants(A), "step_config.variants"),
    (variants(*({"name": str(number)} for number in range(11))), "step_config.variants"),
    (config("send_email", variants="A"), "step_config.variants"),
    (variants({**A, "weight": 0}, {**B, "weight": 0}), "step_config.variants"),
    (variants({**A, "weight": -1}, B), "step_config.variants.0.weight"),
    (variants({**A, "weight": "50"}, B), "step_config.variants.0.weight"),
    (variants({**A, "weight": True}, B), "step_config.variants.0.weight"),
    (variants({**A, "weight": 10**7}, B), "step_config.variants.0.weight"),
    (variants(A, {"weight": 1}), "step_config.variants.1.name"),
    (variants(A, {**B, "name": " "}), "step_config.variants.1.name"),
    (variants(A, {**B, "name": "a"}), "step_config.variants.1.name"),
    (variants(A, {**B, "name": "x" * 101}), "step_config.variants.1.name"),
    (variants(A, {**B, "name": "{{ first_name }}"}), "step_config.variants.1.name"),
    (variants(A, {**B, "subject": "{{ frist_name }}"}), "step_config.variants.1.subject"),
    (variants(A, {**B, "html": "{{ first_name"}), "step_config.variants.1.html"),
    (variants(A, {**B, "body": "Hi"}), "step_config.variants.1.body"),
    (variants({**A, "subject": "Hi"}, B, subject=None), "step_config.variants.1.subject"),
    (variants({**A, "text": "Hi"}, B, html=None), "step_config.variants.1.html"),
    (variants(A, B, metric="revenue"), "step_config.metric"),
    (variants(A, B, choose_winner="yes"), "step_config.choose_winner"),
    (config("send_email", metric="opened"), "step_config.metric"),
    (config("send_email", choose_winner=True), "step_config.choose_winner"),
    (config("create_task", variants=[A, B]), "step_config.variants"),
    (variants(A, {**B, "subject": "Hi"}, step_type="send_sms"), "step_config.variants.1.subject"),
    (variants(A, {**B, "body": "x" * 1601}, step_type="send_sms"), "step_config.variants.1.body"),
    (
        variants({**A, "body": "Hi"}, B, step_type="send_sms", body=None),
        "step_config.variants.1.body",
    ),
    (variants(A, B, step_type="send_sms", metric="opened"), "step_config.metric"),
    # Fields that are not for users to write
    (config("update_field", field="id"), "step_config.field"),
    (config("update_field", field="tenant_id"), "step_config.field"),
    (config("update_field", field="email_opt_out", value=False), "step_config.field"),
    (config("update_field", field="sms_opt_out", value=False), "step_config.field"),
    (config("update_field", field="sms_consent", value=True), "step_config.field"),
    (config("update_field", field="created_at"), "step_config.field"),
    (config("update_field", field="tags"), "step_config.field"),
    (config("update_field", field="mood"), "step_config.field"),
    (config("update_field", entity="campaign"), "step_config.entity"),
    (config("update_field", entity="project", field="contact_id"), "step_config.field"),
    (config("update_field", field="email", value="nobody"), "step_config.value"),
    (config("update_field", field="timezone", value="Mars/Olympus"), "step_config.value"),
    (config("update_field", value="{{ who }}"), "step_config.value"),
    (
        config("update_field", entity="project", field="estimate_amount", value="a lot"),
        "step_config.value",
    ),
    (config("manage_tags", add=None, remove=None), "step_config.add"),
    (config("manage_tags", add=["a"], remove=["a"]), "step_config.remove"),
    (config("manage_tags", add=[""]), "step_config.add.0"),
    # Where a webhook may go
    (config("webhook", url=None), "step_config.url"),
    *(
        (config("webhook", url=url), "step_config.url")
        for url in (
            "http://crm.example/hook",
            "ftp://crm.example/hook",
            "https://user:password@crm.example/",
            "https://localhost/",
            "https://crm/",
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://10.0.0.7/",
            "https://169.254.169.254/latest/meta-data",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[64:ff9b::7f00:1]/",
            "https:///hook",
            "javascript:alert(1)",
        )
    ),
    (config("webhook", method="TRACE"), "step_config.method"),
    (config("webhook", headers={"Host": "other.example"}), "step_config.headers.Host"),
    (config("webhook", headers={"X-A": "a\r\nb: c"}), "step_config.headers.X-A"),
    (config("webhook", headers={"webhook-id": "1"}), "step_config.headers.webhook-id"),
    (config("webhook", body={"a": ["{{ who }}"]}), "step_config.body.a.0"),
    (config("exit_campaign", reason=None), "step_config.reason"),
    (config("exit_campaign", reason="bored"), "step_config.reason"),
    # Conditions
    ({"step_type": "conditional"}, "conditions"),
    ({"step_type": "conditional", "conditions": {"some": []}}, "conditions"),
    ({"step_type": "conditional", "conditions": "stage = new"}, "conditions"),
    (where(field="contact.mood"), "conditions.all.0.field"),
    (where(field="contact.tenant_id"), "conditions.all.0.field"),
    (where(field="enrollment.status"), "conditions.all.0.field"),
    (where(operator="resembles"), "conditions.all.0.operator"),
    (where(operator="greater_than"), "conditions.all.0.operator"),
    (where(field="contact.created_at", operator="before"), "conditions.all.0.value"),
    (where(operator="in", value="new"), "conditions.all.0.value"),
    (where(value=None), "conditions.all.0.value"),
    (where(surprise=1), "conditions.all.0.surprise"),
    ({"step_type": "wait", "conditions": FORK["conditions"]}, "conditions"),
    # Places
    ({"step_type": "wait", "parent_step_id": NOBODY, "branch": "true"}, "parent_step_id"),
    ({"step_type": "wait", "branch": "true"}, "parent_step_id"),
    ({**FORK, "true_path_step_id": NOBODY}, "true_path_step_id"),
    ({**FORK, "false_path_step_id": NOBODY}, "false_path_step_id"),
    ({**FORK, "true_path_step_id": "next"}, "true_path_step_id"),
    ({"step_type": "wait", "on_failure": "panic"}, "on_failure"),
]


@pytest.mark.parametrize(("body", "field"), BAD)
async def test_step_that_makes_no_sense_is_named_and_nothing_is_stored(
    world: World, body: Json, field: str
) -> None:
    campaign = await world.create_campaign(activate=False)
    path = f"/campaigns/{campaign['id']}/steps"

    assert invalid_fields(await world.admin.request("POST", path, json=body)) == {field}
    assert (await world.admin.get(path))["total"] == 0

    step_type = body["step_type"] if body["step_type"] in CONFIGS else "wait"
    conditions = FORK["conditions"] if step_type == "conditional" else None
    step = await world.add_step(
        campaign, step_type=step_type, step_config=CONFIGS[step_type], conditions=conditions
    )
    if body != {
        "step_type": "conditional"
    }:  # a patch without conditions keeps those that are there
        changed = await world.admin.request("PATCH", f"{path}/{step['id']}", json=body)
        assert invalid_fields(changed) == {field}
    assert await world.admin.get(path) == {"steps": [step], "total": 1}


async def test_every_mistake_is_told_at_once(world: World) -> None:
    campaign = await world.create_campaign(activate=False)
    body = {
        "step_type": "send_email",
        "step_config": {"subject": "{{ frist_name }}", "html": "{{ first_name", "reply_to": "x"},
        "delay_value": 10**6,
        "delay_unit": "weeks",
        "conditions": [],
        "branch": "true",
    }
    response = await world.admin.request("POST", f"/campaigns/{campaign['id']}/steps", json=body)
    assert invalid_fields(response) >= {
        "step_config.subject",
        "step_config.html",
        "step_config.reply_to",
        "delay_value",
        "parent_step_id",
    }


async def test_unknown_variable_is_told_with_what_was_probably_meant(world: World) -> None:
    campaign = await world.create_campaign(activate=False)
    body = config("send_email", subject="{{ frist_name }}")
    response = await world.admin.request("POST", f"/campaigns/{campaign['id']}/steps", json=body)
    (error,) = response.json()["errors"]
    assert "'first_name'" in error["message"]


@pytest.mark.parametrize("field", ["true_path_step_id", "false_path_step_id"])
async def test_path_to_a_step_of_another_campaign_is_refused(world: World, field: str) -> None:
    other = await world.create_campaign(activate=False)
    foreign = await world.add_step(other, step_type="wait")
    campaign = await world.create_campaign(activate=False)
    path = f"/campaigns/{campaign['id']}/steps"
    fork = await world.add_step(campaign, **FORK)

    created = await world.admin.request("POST", path, json={**FORK, field: foreign["id"]})
    assert invalid_fields(created) == {field}
    changed = await world.admin.request(
        "PATCH", f"{path}/{fork['id']}", json={field: foreign["id"]}
    )
    assert invalid_fields(changed) == {field}
    assert await world.admin.get(path) == {"steps": [fork], "total": 1}


async def test_parent_must_be_a_live_conditional_of_this_campaign(world: World) -> None:
    campaign = await world.create_campaign(activate=False)
    path = f"/campaigns/{campaign['id']}/steps"
    other = await world.create_campaign(activate=False)
    gone = await world.add_step(campaign, **FORK)
    await world.admin.delete(f"{path}/{gone['id']}")
    parents = [
        gone,
        await world.add_step(campaign, step_type="wait"),
        await world.add_step(other, **FORK),
    ]
    for parent in parents:
        body = {"step_type": "wait", "parent_step_id": parent["id"], "branch": "true"}
        assert invalid_fields(await world.admin.request("POST", path, json=body)) == {
            "parent_step_id"
        }


async def test_conditional_cannot_be_put_inside_itself(world: World) -> None:
    campaign = await world.create_campaign(activate=False)
    outer = await world.add_step(campaign, **FORK)
    inner = await world.add_step(campaign, **FORK, parent_step_id=outer["id"], branch="true")
    path = f"/campaigns/{campaign['id']}/steps/{outer['id']}"
    for parent in (outer, inner):
        body = {"parent_step_id": parent["id"], "branch": "false"}
        assert invalid_fields(await world.admin.request("PATCH", path, json=body)) == {
            "parent_step_id"
        }


async def test_conditional_with_steps_inside_stays_one(world: World) -> None:
    campaign = await world.create_campaign(activate=False)
    fork = await world.add_step(campaign, **FORK)
    await world.add_step(campaign, step_type="wait", parent_step_id=fork["id"], branch="true")
    path = f"/campaigns/{campaign['id']}/steps/{fork['id']}"
    body = {"step_type": "wait", "conditions": None}
    assert invalid_fields(await world.admin.request("PATCH", path, json=body)) == {"step_type"}


async def test_new_type_is_checked_against_the_configuration_that_is_there(world: World) -> None:
    campaign = await world.create_campaign(activate=False)
    step = await world.add_step(campaign, **config("send_sms"))
    path = f"/campaigns/{campaign['id']}/steps/{step['id']}"
    response = await world.admin.request("PATCH", path, json={"step_type": "exit_campaign"})
    assert "step_config.reason" in invalid_fields(response)
    body = {"step_type": "exit_campaign", "step_config": {"reason": "completed"}}
    assert (await world.admin.patch(path, body))["step"]["step_type"] == "exit_campaign"


GOOD_TESTS = [
    variants(A, {**B, "subject": "Your roof", "html": "<p>{{ first_name }}</p>"}),
    variants(A, {"name": "B"}, metric="replied", choose_winner=True),
    variants(
        {**A, "subject": "Hi", "text": "Hi"},
        {**B, "subject": "Yo", "html": "Yo"},
        subject=None,
        html=None,
    ),
    variants(A, {**B, "body": "Hello"}, step_type="send_sms", metric="replied"),
    variants({**A, "weight": 0}, {"name": "B", "weight": 0.001}),
]


@pytest.mark.parametrize("body", GOOD_TESTS)
async def test_variants_are_stored_as_they_were_sent(world: World, body: Json) -> None:
    campaign = await world.create_campaign(activate=False)
    step = await world.add_step(campaign, **body)
    assert step["step_config"] == body["step_config"]
    assert (step["winner"], step["winner_chosen_at"]) == (None, None)


async def test_variant_that_lacks_what_the_step_lacks_too_is_told_once_each(world: World) -> None:
    campaign = await world.create_campaign(activate=False)
    body = variants(A, B, subject=None)
    response = await world.admin.request("POST", f"/campaigns/{campaign['id']}/steps", json=body)
    assert invalid_fields(response) == {
        "step_config.variants.0.subject",
        "step_config.variants.1.subject",
    }

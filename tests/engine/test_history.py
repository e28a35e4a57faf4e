"""What an operator sees of an enrollment in Temporal, and how little of the person lies there."""

import base64
import json
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.api.sdk.v1 import WorkflowMetadata

from tests.engine.conftest import Faults
from tests.engine.helpers import after, email, tag
from tests.world import EMAIL, TEXT, Json, World, eventually, noon_zone

DAY = after(EMAIL, 1, "days")
START = ["WORKFLOW_EXECUTION_STARTED", "WORKFLOW_TASK_SCHEDULED"]
TASK = ["WORKFLOW_TASK_STARTED", "WORKFLOW_TASK_COMPLETED"]
TIMER = ["TIMER_STARTED", "TIMER_FIRED", "WORKFLOW_TASK_SCHEDULED", *TASK]
ACTIVITY = [
    "ACTIVITY_TASK_SCHEDULED",
    "ACTIVITY_TASK_STARTED",
    "ACTIVITY_TASK_COMPLETED",
    "WORKFLOW_TASK_SCHEDULED",
    *TASK,
]
END = ["WORKFLOW_EXECUTION_COMPLETED"]


async def test_step_of_a_delay_and_a_message_costs_eleven_events(world: World) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(DAY, DAY, DAY)
    enrollment = await world.enroll(campaign, contact)
    await eventually(lambda: sleeps(world, enrollment))

    await world.pass_time(enrollment, days=4)

    await world.finished(enrollment)
    kinds = await events(world, enrollment)
    assert len(TIMER + ACTIVITY) == 11
    assert kinds == START + TASK + (TIMER + ACTIVITY) * 3 + upsert_before(END)


async def test_step_without_a_delay_costs_six_events(world: World) -> None:
    campaign = await world.create_campaign(EMAIL, tag("x"), tag("y"))
    enrollment = await world.finished(await world.enroll(campaign, await world.create_contact()))

    kinds = await events(world, enrollment)

    assert kinds == START + TASK + ACTIVITY * 3 + upsert_before(END)


async def test_only_four_search_attributes_are_set(world: World) -> None:
    contact = await world.create_contact()
    enrollment = await world.enroll(await world.create_campaign(DAY), contact)

    found = await world.workflow(enrollment).describe()

    attributes = {
        pair.key.name: pair.value
        for pair in found.typed_search_attributes
        if not pair.key.name.startswith(("Temporal", "Build"))
    }
    assert attributes == {
        "TenantId": str(world.tenant_id),
        "CampaignId": enrollment["campaign_id"],
        "ContactId": contact["id"],
        "EnrollmentStatus": "active",
    }
    assert found.workflow_type == "EnrollmentWorkflow"
    assert found.id == f"enrollment-{enrollment['id']}"


async def test_summary_names_the_campaign_and_the_contacts_first_name_and_initial(
    world: World,
) -> None:
    contact = await world.create_contact(first_name="Ann", last_name="Leibowitz")
    enrollment = await world.enroll(await world.create_campaign(DAY, name="Hail"), contact)

    found = await world.workflow(enrollment).describe()

    assert await found.static_summary() == "Hail: Ann L"


async def test_history_holds_no_personal_data_whatever_happened(
    world: World, faults: Faults
) -> None:
    contact = await world.create_contact(
        first_name="Quentin",
        last_name="Zanzibarski",
        phone="+15005550001",
        timezone=noon_zone(),
        tags=["secret-tag"],
        custom={"pet": "Rexomatic"},
    )
    body = "Dear {{ contact_name }} with {{ custom.pet }}, unmistakable words"
    campaign = await world.create_campaign(
        {"step_type": "send_email", "step_config": {"subject": body, "html": body}},
        {**TEXT, "step_config": {"body": body}},
        email("About {{ custom.nothing }}"),
        {"step_type": "create_task", "step_config": {"title": body, "task_type": "call"}},
        {
            "step_type": "update_field",
            "step_config": {"entity": "contact", "field": "stage", "value": "Zanzibarski's"},
        },
        {
            "step_type": "conditional",
            "conditions": [{"field": "contact.email", "operator": "is_set"}],
        },
        {"step_type": "wait", "step_config": {}, "delay_value": 1, "delay_unit": "days"},
        tag("unmistakable words"),
        activate=True,
    )
    await faults(resend={"mode": "error_500", "count": 1})
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, lambda now: now["current_step_order"] == 7)
    handle = world.workflow(enrollment)
    await handle.signal("pause")
    await handle.signal("resume")
    await world.pass_time(enrollment, days=1, minutes=1)
    ended = await world.finished(enrollment)
    assert [each["status"] for each in ended["executions"]] == [
        "completed",
        "failed",
        "skipped",
        *["completed"] * 5,
    ]

    texts = "\n".join(every_text(await history(world, enrollment)))

    assert "Quentin Z" in texts
    for secret in (
        "Zanzibarski",
        contact["email"],
        contact["phone"],
        "unmistakable",
        "Rexomatic",
        "secret-tag",
    ):
        assert secret not in texts


async def test_every_timer_and_activity_has_a_summary(world: World) -> None:
    campaign = await world.create_campaign(DAY, after(tag("x"), 2, "hours"))
    enrollment = await world.enroll(campaign, await world.create_contact())
    await world.pass_time(enrollment, hours=1)
    await world.workflow(enrollment).signal("pause")
    await world.workflow(enrollment).signal("resume")
    await world.pass_time(enrollment, days=2)
    await world.finished(enrollment)

    found = await world.workflow(enrollment).fetch_history()

    summaries: dict[str, list[str]] = {"TIMER_STARTED": [], "ACTIVITY_TASK_SCHEDULED": []}
    for event in found.events:
        kind = EventType.Name(event.event_type).removeprefix("EVENT_TYPE_")
        if kind in summaries:
            summaries[kind].append(json.loads(event.user_metadata.summary.data))
    timers, activities = summaries.values()
    assert all(text.startswith("due ") for text in timers)
    assert len(timers) >= 2
    assert [text for text in activities if text.startswith("step")] == [
        "step 1 send_email",
        "step 2 manage_tags",
    ]
    assert {text for text in activities if not text.startswith("step")} <= {
        "pause",
        "resume",
        "pause, resume",
    }


async def test_query_tells_what_the_enrollment_waits_for(world: World) -> None:
    enrollment = await world.enroll(
        await world.create_campaign(tag("x"), DAY), await world.create_contact()
    )
    waiting = await world.until(enrollment, lambda now: now["current_step_order"] == 2)

    state = await settled(world, enrollment, visit=2)

    assert state["status"] == "active"
    assert state["label"] == "step 2 send_email"
    assert state["why"].startswith("due ")
    assert state["wake_at"] == waiting["next_step_scheduled_at"]
    assert "step 1 manage_tags: completed" in state["happened"]


async def test_current_details_say_in_words_what_happened_and_what_is_next(world: World) -> None:
    contact = await world.create_contact(email=None)
    campaign = await world.create_campaign(tag("x"), EMAIL, after(tag("y"), 1, "days"))
    enrollment = await world.enroll(campaign, contact)
    await settled(world, enrollment, visit=3)
    handle = world.workflow(enrollment)

    waiting = await details(world, enrollment)
    await handle.signal("pause")
    await world.until(enrollment, lambda now: now["status"] == "paused")
    paused = await details(world, enrollment)
    await handle.signal("exit", "replied")
    await handle.result()
    over = await details(world, enrollment)

    assert waiting.startswith("Storm follow-up: Ann L\n\n**Next:** step 3 manage_tags. due ")
    assert "- step 1 manage_tags: completed at " in waiting
    assert "- step 2 send_email: skipped (no_email) at " in waiting
    assert "MST" in waiting or "MDT" in waiting
    assert "**Paused** before step 3 manage_tags." in paused
    assert "**Over:** exited, replied." in over


async def sleeps(world: World, enrollment: Json) -> bool:
    found = await world.workflow(enrollment).describe()
    return found.history_length > len(START + TASK)


def upsert_before(end: list[str]) -> list[str]:
    """The status changes at the end, and with it the search attribute."""
    return ["UPSERT_WORKFLOW_SEARCH_ATTRIBUTES", *end]


async def history(world: World, enrollment: Json) -> Json:
    found: Json = json.loads((await world.workflow(enrollment).fetch_history()).to_json())
    return found


async def events(world: World, enrollment: Json) -> list[str]:
    """The events of its history but for those of the test's clock."""
    await world.workflow(enrollment).result()
    found = await world.workflow(enrollment).fetch_history()
    kinds = [EventType.Name(e.event_type).removeprefix("EVENT_TYPE_") for e in found.events]
    return [
        kind
        for kind in kinds
        if "TIME_SKIPPING" not in kind and kind != "WORKFLOW_EXECUTION_OPTIONS_UPDATED"
    ]


def every_text(value: Any) -> list[str]:
    """Each text of the history, the payloads decoded."""
    match value:
        case {"metadata": {"encoding": _}, "data": data}:
            return [base64.b64decode(data).decode()]
        case dict():
            return [text for item in value.values() for text in every_text(item)]
        case list():
            return [text for item in value for text in every_text(item)]
        case str():
            return [value]
    return []


async def settled(world: World, enrollment: Json, *, visit: int) -> Json:
    """What the query answers, once the workflow has come so far."""
    state: Json = {}
    while state.get("visit") != visit:
        state = await world.workflow(enrollment).query("state")
    return state


async def details(world: World, enrollment: Json) -> str:
    metadata = await world.workflow(enrollment).query(
        "__temporal_workflow_metadata", result_type=WorkflowMetadata
    )
    words: str = metadata.current_details
    return words

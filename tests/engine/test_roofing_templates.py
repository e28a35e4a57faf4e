"""The built-in templates: each is made into a campaign, started as it is, and walked to its end."""

import re
from datetime import timedelta
from typing import Any

import pytest

from domain.enums import Role
from domain.plain_text import plain_text
from domain.text_segments import segments
from services.builtin_templates import builtin_templates, parse
from tests.engine.helpers import at
from tests.world import Json, World, eventually, noon_zone

EMAIL, TEXT, TASK, FORK = "send_email", "send_sms", "create_task", "conditional"
PROJECT: Json = {"estimate_amount": "18400.00", "monthly_payment": "212.50"}

# What comes of each, in order, for a homeowner who reads nothing; days from the enrollment.
WALKS: dict[str, list[tuple[int, str]]] = {
    "new-lead-welcome": [(0, EMAIL), (0, TEXT), (3, FORK), (3, EMAIL), (7, EMAIL)],
    "estimate-follow-up": [(1, EMAIL), (3, TEXT), (5, FORK), (5, EMAIL), (7, TASK), (10, EMAIL)],
    "post-inspection": [(0, EMAIL), (1, TEXT), (2, TASK)],
    "winback-inactive": [(0, EMAIL), (7, TEXT), (14, EMAIL)],
    "review-request": [(1, EMAIL), (3, TEXT), (7, FORK), (7, EMAIL), (10, TASK)],
    "storm-damage": [(0, EMAIL), (1, TEXT), (3, FORK), (3, EMAIL), (7, TEXT)],
}
UNFILLED = re.compile(r"[{}]|\bNone\b|\$(?!\d)|,,|  | [,.]")
"""What a text shows that was not filled in well."""


async def start(world: World, template_id: str) -> Json:
    """A campaign as the template has it, but at all hours: the tests run at all hours."""
    campaign = (await world.admin.post("/campaigns/from-template", {"template_id": template_id}))[
        "campaign"
    ]
    await world.admin.patch(f"/campaigns/{campaign['id']}", {"respect_business_hours": False})
    return await world.activate(campaign)


async def enroll(world: World, campaign: Json, project: Json | None, **contact: Any) -> Json:
    contact = await world.create_contact(timezone=noon_zone(), **contact)
    values = {}
    if project is not None:
        body = {"contact_id": contact["id"], **project}
        values["project_id"] = (await world.admin.post("/projects", body))["project"]["id"]
    enrollment = await world.enroll(campaign, contact, **values)
    return {**enrollment, "contact": contact}


async def walk(world: World, enrollment: Json) -> Json:
    await world.pass_time(enrollment, days=20)
    return {**await world.finished(enrollment), "contact": enrollment["contact"]}


def timeline(enrollment: Json) -> list[tuple[int, str]]:
    begin = at(enrollment["enrolled_at"]) - timedelta(hours=12)
    return [
        ((at(each["scheduled_at"]) - begin).days, each["step_type"])
        for each in enrollment["executions"]
    ]


def check_filled_in(*texts: str) -> None:
    for text in texts:
        assert not UNFILLED.search(text), text


async def said(world: World, contact: Json) -> tuple[list[Json], list[Json], list[Json]]:
    """The e-mails, the texts and the tasks."""
    emails = await world.messages(contact["email"])
    texts = await world.messages(contact["phone"])
    tasks = (await world.admin.get("/tasks", contact_id=contact["id"]))["tasks"]
    return emails, texts, tasks


def test_walks_are_told_of_all_templates() -> None:
    assert WALKS.keys() == builtin_templates().keys()


@pytest.mark.parametrize("template_id", WALKS)
async def test_template_starts_as_it_is(world: World, template_id: str) -> None:
    body = {"template_id": template_id}
    campaign = (await world.admin.post("/campaigns/from-template", body))["campaign"]
    problems = await world.admin.get(f"/campaigns/{campaign['id']}/problems")
    assert problems["problems"] == []
    assert (await world.activate(campaign))["status"] == "active"


@pytest.mark.parametrize("template_id", WALKS)
async def test_homeowner_is_walked_through_it_on_the_days_that_it_says(
    world: World, template_id: str
) -> None:
    campaign = await start(world, template_id)
    template = builtin_templates()[template_id]

    enrollment = await walk(world, await enroll(world, campaign, PROJECT))

    assert (enrollment["status"], enrollment["exit_reason"]) == ("completed", "completed")
    assert {each["status"] for each in enrollment["executions"]} == {"completed"}
    assert timeline(enrollment) == WALKS[template_id]
    assert WALKS[template_id][-1][0] == template.duration_days
    emails, texts, tasks = await said(world, enrollment["contact"])
    for email in emails:
        check_filled_in(email["subject"], plain_text(email["html"]))
        assert len(email["subject"]) <= 78
        assert "1 Ridge Road" in email["html"]
        assert "Unsubscribe" in email["html"]
        assert "Ridge Roofing" in plain_text(email["html"]).partition("1 Ridge Road")[0]
    assert len({email["subject"] for email in emails}) == len(emails)
    for text in texts:
        check_filled_in(text["body"])
        assert "Ridge Roofing" in text["body"]
        measured = segments(text["body"])
        assert (measured.encoding, measured.count <= 2) == ("GSM-7", True), measured
    assert texts[0]["body"].endswith("Reply STOP to opt out.")
    for task in tasks:
        check_filled_in(task["title"], task["description"])
        assert "Ann Lee" in task["title"]


@pytest.mark.parametrize("template_id", WALKS)
async def test_nothing_is_skipped_for_want_of_a_name_a_phone_or_a_project(
    world: World, template_id: str
) -> None:
    await world.admin.patch(f"/users/{world.user_ids[Role.ADMIN]}", {"phone": None})
    campaign = await start(world, template_id)

    nameless = {"first_name": None, "last_name": None}
    enrollment = await walk(world, await enroll(world, campaign, None, **nameless))

    assert {each["status"] for each in enrollment["executions"]} == {"completed"}
    emails, texts, tasks = await said(world, enrollment["contact"])
    for email in emails:
        check_filled_in(email["subject"], plain_text(email["html"]))
        assert "Hi there," in email["html"]
    for text in texts:
        assert text["body"].startswith("Hi there, ")
        check_filled_in(text["body"])
    for task in tasks:
        check_filled_in(task["title"], task["description"])


async def test_estimate_without_a_monthly_payment_speaks_of_none(world: World) -> None:
    campaign = await start(world, "estimate-follow-up")

    with_one = await walk(world, await enroll(world, campaign, PROJECT))
    project = {"estimate_amount": "9000"}
    without = await walk(world, await enroll(world, campaign, project))

    emails, _, _ = await said(world, with_one["contact"])
    assert "$18,400.00" in emails[0]["subject"]
    assert emails[1]["subject"] == "Your roof for about $212.50 a month"
    emails, _, _ = await said(world, without["contact"])
    assert [len(emails), "$9,000.00" in emails[0]["html"]] == [2, True]
    assert not any("a month" in email["html"] for email in emails)


@pytest.mark.parametrize(
    ("template_id", "sent", "tasks"),
    [("new-lead-welcome", 2, 1), ("storm-damage", 1, 1), ("review-request", 1, 1)],
)
async def test_homeowner_who_clicked_is_called_and_not_written_to_again(
    world: World, template_id: str, sent: int, tasks: int
) -> None:
    campaign = await start(world, template_id)
    enrollment = await enroll(world, campaign, None)
    days = WALKS[template_id][0][0]
    if days:
        await world.pass_time(enrollment, days=days, minutes=1)
    await world.until(enrollment, lambda now: now["emails_sent"] == 1)
    await world.read_later()
    (email,) = await world.messages(enrollment["contact"]["email"])
    await world.homeowner.click(email)

    ended = await walk(world, enrollment)

    emails, _, called = await said(world, ended["contact"])
    assert (len(emails), len(called)) == (sent, tasks)
    assert called[0]["activity_subtype"] == "call"


@pytest.mark.parametrize(
    ("template_id", "event"),
    [
        ("new-lead-welcome", "appointment_scheduled"),
        ("estimate-follow-up", "deal_won"),
        ("post-inspection", "deal_won"),
        ("review-request", "review_received"),
        ("storm-damage", "appointment_scheduled"),
    ],
)
async def test_template_ends_with_its_goal(world: World, template_id: str, event: str) -> None:
    campaign = await start(world, template_id)
    enrollment = await enroll(world, campaign, PROJECT)
    body = {"event_name": event, "contact_id": enrollment["contact_id"]}
    await world.admin.post("/events", body)
    assert (await world.finished(enrollment))["exit_reason"] == "goal_achieved"


@pytest.mark.parametrize(
    ("template_id", "contact", "project"),
    [
        ("new-lead-welcome", {"stage": "New"}, None),
        ("estimate-follow-up", {}, {"stage": "Estimate Sent", **PROJECT}),
        ("estimate-follow-up", {"stage": "estimate sent"}, None),
        ("post-inspection", {}, {"stage": "inspection completed"}),
        ("review-request", {}, {"stage": "Completed"}),
        ("storm-damage", {"tags": ["storm-damage"]}, None),
    ],
)
async def test_template_starts_by_itself(
    world: World, template_id: str, contact: Json, project: Json | None
) -> None:
    campaign = await start(world, template_id)

    created = await world.create_contact(timezone=noon_zone())
    if contact:
        await world.admin.patch(f"/contacts/{created['id']}", contact)
    if project:
        await world.admin.post("/projects", {"contact_id": created["id"], **project})

    path = f"/campaigns/{campaign['id']}/enrollments"

    async def enrolled() -> bool:
        return bool((await world.admin.get(path))["total"])

    await eventually(enrolled)
    (enrollment,) = (await world.admin.get(path))["enrollments"]
    assert enrollment["contact_id"] == created["id"]
    assert enrollment["enrollment_source"] == "automatic_trigger"


HAIL = """
name: Hail
version: 1
category: storm
description: For hail
campaign: {{campaign_type: drip}}
steps:
  - id: first
    step_type: wait
    {}: true
"""


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("steps: [", "hail.yaml"),
        ("name: Hail", "campaign"),
        ("- hail", "hail.yaml"),
        (HAIL.format("subject"), "steps.0.subject"),
        (HAIL.format("branch"), "steps.0.branch"),
    ],
)
def test_file_that_is_no_template_is_named_with_what_is_wrong(source: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse("hail", source)

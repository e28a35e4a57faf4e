"""Test runs: what they say is what would happen."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services import test_runs
from tests.engine.helpers import after, email, fork, inside, tag
from tests.engine.trials import CHRISTMAS, assumed, steps_of, try_out, ways
from tests.world import ALWAYS, EMAIL, TEXT, World, noon_zone

DAYTIME = {"start": 9, "end": 17, "days": ["Mon", "Tue", "Wed", "Thu", "Fri"]}
HAS_OPENED = [{"field": "enrollment.emails_opened", "operator": "greater_than", "value": 0}]
TASK = {
    "step_type": "create_task",
    "step_config": {"title": "Call {{ first_name }}", "task_type": "call", "description": "Soon"},
}
WAIT_FOR_SIGNATURE = {
    "step_type": "wait",
    "step_config": {
        "until": {"event": "signed", "timeout": {"delay_value": 3, "delay_unit": "days"}}
    },
}


async def test_draft_is_walked_on_a_clock_that_jumps(world: World) -> None:
    campaign = await world.create_campaign(
        EMAIL, after(TEXT, 2, "days"), after(TASK, 1, "weeks"), activate=False
    )
    contact = await world.create_contact(first_name="Bea")

    run = await try_out(world, campaign, contact, start_at=CHRISTMAS)

    assert [each["at"] for each in run["entries"]] == [
        "2026-12-25T17:00:00Z",
        "2026-12-27T17:00:00Z",
        "2027-01-03T17:00:00Z",
    ]
    assert [each["local_at"] for each in run["entries"]] == [
        "2026-12-25T10:00:00-07:00",
        "2026-12-27T10:00:00-07:00",
        "2027-01-03T10:00:00-07:00",
    ]
    letter, text, task = (each["content"] for each in run["entries"])
    assert letter["subject"] == "Hello Bea"
    assert letter["html"].startswith("<p>Hi Bea</p>")
    assert text["body"] == "Hi Bea"
    assert (task["subject"], task["body"]) == ("Call Bea", "Soon")
    assert run["outcome"] == {
        "status": "completed",
        "exit_reason": "completed",
        "at": "2027-01-03T17:00:00Z",
    }
    assert run["sent"] is None


async def test_made_up_contact_walks_as_one_that_is_there(world: World) -> None:
    campaign = await world.create_campaign(EMAIL, activate=False)
    who = {"first_name": "Bo", "email": "Bo@Home.Example", "timezone": "America/New_York"}

    run = await try_out(world, campaign, who)

    assert run["entries"][0]["content"]["subject"] == "Hello Bo"
    assert not (await world.admin.get("/contacts"))["contacts"]


async def test_window_and_change_of_clock_move_steps_as_on_the_wall(world: World) -> None:
    campaign = await world.create_campaign(
        EMAIL,
        after(EMAIL, 2, "days"),
        after(tag("woke"), 1, "hours"),
        respect_business_hours=True,
        business_hours=DAYTIME,
        activate=False,
    )
    # Friday at ten in the evening; on the Sunday after, the clocks of Denver go forward.
    begins = datetime(2027, 3, 12, 22, tzinfo=ZoneInfo("America/Denver"))

    run = await try_out(world, campaign, await world.create_contact(), start_at=begins.isoformat())

    assert [each["local_at"] for each in run["entries"]] == [
        "2027-03-15T09:00:00-06:00",
        "2027-03-17T09:00:00-06:00",
        "2027-03-17T10:00:00-06:00",
    ]
    assert "its window, which opens Mon 15 Mar 2027 09:00 MDT" in run["entries"][0]["why"]
    assert "due Fri 12 Mar 2027 22:00 MST" in run["entries"][0]["why"]


async def test_texts_keep_the_hours_of_the_law_where_the_contact_lives(world: World) -> None:
    campaign = await world.create_campaign(TEXT, activate=False)
    contact = await world.create_contact(timezone="America/New_York")

    # One in the night in New York.
    run = await try_out(world, campaign, contact, start_at="2026-12-23T06:00:00Z")

    assert run["entries"][0]["at"] == "2026-12-23T14:00:00Z"


async def test_fourth_text_of_a_day_waits_and_says_why(world: World) -> None:
    texts = [after(TEXT, 10, "minutes")] * 4
    campaign = await world.create_campaign(*texts, activate=False)

    run = await try_out(world, campaign, await world.create_contact(), start_at=CHRISTMAS)

    assert [each["at"] for each in run["entries"]][2:] == [
        "2026-12-25T17:30:00Z",
        "2026-12-26T17:10:00Z",
    ]
    assert run["entries"][3]["why"].startswith("3 texts in 24 hours reached")


async def test_cap_of_a_contact_counts_what_other_campaigns_have_sent_today(world: World) -> None:
    await world.admin.patch("/settings", {"contact_daily_cap": 1, "timezone": noon_zone()})
    contact = await world.create_contact()
    other = await world.create_campaign(EMAIL)
    await world.finished(await world.enroll(other, contact))
    campaign = await world.create_campaign(EMAIL, activate=False)

    run = await try_out(world, campaign, contact)
    stranger = await try_out(world, campaign, await world.create_contact())

    assert "the contact's cap of 1 a day is reached (1 sent)" in run["entries"][0]["why"]
    assert "cap" not in stranger["entries"][0]["why"]


async def test_steps_that_would_be_skipped_say_why(world: World) -> None:
    surname = {
        "step_type": "send_email",
        "step_config": {"subject": "{{ last_name }}", "html": "<p>Hi</p>"},
    }
    campaign = await world.create_campaign(TEXT, surname, EMAIL, activate=False)
    contact = await world.create_contact(
        sms_consent=False, last_name=None, email="gone@home.example"
    )

    run = await try_out(world, campaign, contact)
    await world.admin.patch(f"/contacts/{contact['id']}", {"email_opt_out": True})
    opted_out = await try_out(world, campaign, contact)

    assert ways(run) == [("send_sms", "skipped"), ("send_email", "skipped"), ("send_email", "done")]
    assert "the contact has not consented to texts" in run["entries"][0]["why"]
    assert run["entries"][0]["result"]["skipped"] == "no_sms_consent"
    assert "last_name" in run["entries"][1]["why"]
    assert "opted out of e-mail" in opted_out["entries"][2]["why"]


@pytest.mark.parametrize(("on_failure", "ends"), [("continue", "completed"), ("exit", "failed")])
async def test_write_that_the_database_refuses_fails_the_step(
    world: World, on_failure: str, ends: str
) -> None:
    value = {"entity": "contact", "field": "assigned_to", "value": "{{ custom.rep }}"}
    step = {"step_type": "update_field", "step_config": value, "on_failure": on_failure}
    campaign = await world.create_campaign(step, tag("on"), activate=False)
    nobody = {"custom": {"rep": "11111111-2222-4333-8444-555555555555"}}

    run = await try_out(world, campaign, nobody)

    assert run["entries"][0]["status"] == "failed"
    assert "names nothing of this company" in run["entries"][0]["why"]
    assert run["outcome"]["status"] == ends


async def test_address_that_has_opted_out_is_skipped_for_a_made_up_contact_too(
    world: World,
) -> None:
    contact = await world.create_contact(email_opt_out=True)
    campaign = await world.create_campaign(EMAIL, activate=False)

    run = await try_out(world, campaign, {"first_name": "Bo", "email": contact["email"]})

    assert "suppressed" in run["entries"][0]["why"]


@pytest.mark.parametrize(("events", "way"), [([], False), (["opened"], True)])
async def test_branch_goes_by_what_is_assumed(
    world: World, *, events: list[str], way: bool
) -> None:
    campaign = await world.create_campaign(EMAIL, activate=False)
    branching = await world.add_step(campaign, **after(fork(HAS_OPENED), 1, "days"))
    await world.add_step(campaign, **inside(email("You read it"), branching, "true"))
    await world.add_step(campaign, **inside(email("Did you see it"), branching, "false"))
    (letter, *_) = await steps_of(world, campaign)
    assume = [assumed(letter, event) for event in events]

    run = await try_out(world, campaign, await world.create_contact(), assume=assume)

    _, branch, said = run["entries"]
    assert branch["branch"] is way
    assert branch["why"].startswith(f"enrollment.emails_opened ({int(way)}) greater_than 0")
    assert said["content"]["subject"] == ("You read it" if way else "Did you see it")


async def test_jump_and_empty_branch_lead_where_they_lead_the_engine(world: World) -> None:
    campaign = await world.create_campaign(EMAIL, activate=False)
    branching = await world.add_step(campaign, **fork({"all": []}))
    await world.add_step(campaign, **tag("passed by"))
    last = await world.add_step(campaign, **tag("landed"))
    await world.admin.patch(
        f"/campaigns/{campaign['id']}/steps/{branching['id']}", {"true_path_step_id": last["id"]}
    )

    run = await try_out(world, campaign, await world.create_contact())

    assert [each["result"].get("added") for each in run["entries"]] == [None, None, ["landed"]]


async def test_later_conditions_see_what_earlier_steps_have_done(world: World) -> None:
    stage = {
        "step_type": "update_field",
        "step_config": {"entity": "contact", "field": "stage", "value": "warm"},
    }
    campaign = await world.create_campaign(stage, tag("hot"), activate=False)
    both = [
        {"field": "contact.stage", "operator": "equals", "value": "warm"},
        {"field": "contact.tags", "operator": "contains", "value": "hot"},
    ]
    await world.add_step(campaign, **fork(both))

    run = await try_out(world, campaign, await world.create_contact(stage="cold"))

    assert run["entries"][2]["branch"] is True


@pytest.mark.parametrize("entity", ["contact", "project"])
async def test_field_that_is_set_to_what_it_was_changes_nothing(world: World, entity: str) -> None:
    value = {"entity": entity, "field": "stage", "value": "warm"}
    says = "{{ contact.stage }} {{ project.stage }}"
    campaign = await world.create_campaign(
        {"step_type": "update_field", "step_config": value}, email(says), activate=False
    )
    contact = await world.create_contact(stage="warm")
    await world.admin.post("/projects", {"contact_id": contact["id"], "stage": "warm"})

    run = await try_out(world, campaign, contact)

    assert run["entries"][1]["content"]["subject"] == "warm warm"


async def test_event_that_is_waited_for_comes_or_does_not(world: World) -> None:
    campaign = await world.create_campaign(WAIT_FOR_SIGNATURE, tag("on"), activate=False)
    contact, (wait, _) = await world.create_contact(), await steps_of(world, campaign)

    without = await try_out(world, campaign, contact, start_at=CHRISTMAS)
    with_it = await try_out(
        world, campaign, contact, start_at=CHRISTMAS, assume=[assumed(wait, "signed")]
    )

    assert without["entries"][0]["at"] == "2026-12-28T17:00:00Z"
    assert without["entries"][0]["result"] == {"timed_out": True}
    assert with_it["entries"][0]["at"] == CHRISTMAS
    assert with_it["entries"][0]["result"]["event_name"] == "signed"


async def test_wait_for_an_open_ends_with_the_open_that_is_assumed(world: World) -> None:
    until = {"event": "email_opened", "timeout": {"delay_value": 3, "delay_unit": "days"}}
    wait = {"step_type": "wait", "step_config": {"until": until}}
    campaign = await world.create_campaign(EMAIL, wait, activate=False)
    (letter, _) = await steps_of(world, campaign)

    run = await try_out(
        world,
        campaign,
        await world.create_contact(),
        start_at=CHRISTMAS,
        assume=[assumed(letter, "opened")],
    )

    assert run["entries"][1]["at"] == CHRISTMAS


async def test_reply_that_is_assumed_comes_when_the_step_is_done(world: World) -> None:
    until = {"event": "email_replied", "timeout": {"delay_value": 3, "delay_unit": "days"}}
    wait = {"step_type": "wait", "step_config": {"until": until}}
    campaign = await world.create_campaign(EMAIL, wait, activate=False, exit_on_reply=False)
    (letter, _) = await steps_of(world, campaign)

    run = await try_out(
        world,
        campaign,
        await world.create_contact(),
        start_at=CHRISTMAS,
        assume=[assumed(letter, "replied")],
    )

    assert run["entries"][1]["result"]["occurred_at"] == "2026-12-25T17:00:00+00:00"


@pytest.mark.parametrize(
    ("campaign", "step", "event", "reason"),
    [
        ({"goal_type": "engagement"}, EMAIL, "clicked", "goal_achieved"),
        ({"goal_type": "appointments"}, EMAIL, "appointment_scheduled", "goal_achieved"),
        ({}, EMAIL, "replied", "replied"),
        ({}, TEXT, "replied", "replied"),
        ({}, EMAIL, "unsubscribed", "unsubscribed"),
        ({}, TEXT, "unsubscribed", "unsubscribed"),
        ({"exit_on_reply": False}, EMAIL, "replied", "completed"),
    ],
)
async def test_goal_and_reply_end_it_as_they_end_an_enrollment(
    world: World, campaign: dict[str, object], step: dict[str, object], event: str, reason: str
) -> None:
    created = await world.create_campaign(step, after(EMAIL, 1, "days"), activate=False, **campaign)
    (first, _) = await steps_of(world, created)

    run = await try_out(
        world,
        created,
        await world.create_contact(),
        start_at=CHRISTMAS,
        assume=[assumed(first, event)],
    )

    assert run["outcome"]["exit_reason"] == reason
    assert len(run["entries"]) == (2 if reason == "completed" else 1)


async def test_stage_that_a_step_sets_ends_it_where_the_campaign_says_so(world: World) -> None:
    sold = {
        "step_type": "update_field",
        "step_config": {"entity": "contact", "field": "stage", "value": "sold"},
    }
    campaign = await world.create_campaign(
        sold, after(EMAIL, 1, "days"), activate=False, exit_on_stages=["sold"]
    )

    run = await try_out(world, campaign, await world.create_contact(stage="lead"))

    assert run["outcome"]["exit_reason"] == "stage_changed"
    assert len(run["entries"]) == 1


async def test_webhook_is_shown_and_not_called(world: World) -> None:
    url = f"{world.sandbox.base_url}/hook/tried"
    campaign = await world.create_campaign(
        {"step_type": "webhook", "step_config": {"url": url}}, activate=False
    )
    contact = await world.create_contact()

    run = await try_out(world, campaign, contact)

    content = run["entries"][0]["content"]
    assert (content["method"], content["url"]) == ("POST", url)
    assert contact["id"] in content["body"]


async def test_campaign_without_steps_is_over_at_once(world: World) -> None:
    campaign = await world.create_campaign(activate=False)

    run = await try_out(world, campaign, await world.create_contact(), start_at=CHRISTMAS)

    assert run["entries"] == []
    assert run["outcome"]["status"] == "completed"


async def test_walk_of_more_than_a_hundred_years_is_broken_off(world: World) -> None:
    decades = [after({"step_type": "wait"}, 521, "weeks")] * 11
    campaign = await world.create_campaign(*decades, activate=False)

    run = await try_out(
        world, campaign, await world.create_contact(), start_at="2100-01-01T00:00:00Z"
    )

    assert (len(run["entries"]), run["outcome"]["status"]) == (10, "active")


async def test_walk_that_takes_too_long_to_compute_is_broken_off(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(test_runs, "PATIENCE", timedelta(0))
    campaign = await world.create_campaign(EMAIL, activate=False)

    run = await try_out(world, campaign, await world.create_contact(), start_at=CHRISTMAS)

    assert (run["entries"], run["outcome"]["status"]) == ([], "active")


async def test_contact_who_is_on_the_way_already_can_be_tried_all_the_same(world: World) -> None:
    campaign = await world.create_campaign(
        after(EMAIL, 3, "days"), business_hours=ALWAYS, max_enrollments=1
    )
    contact = await world.create_contact()
    await world.enroll(campaign, contact)

    run = await try_out(world, campaign, contact)

    assert ways(run) == [("send_email", "done")]

"""What an enrollment and its steps say, in words, about why they are where they are."""

from tests.engine.conftest import Faults
from tests.engine.helpers import after, fork, inside, minutes_until, path
from tests.world import EMAIL, TEXT, World, eventually, night_zone

DAYTIME = {"start": 9, "end": 17, "days": ["Mon"], "timezone": "America/Denver"}


async def test_enrollment_that_waits_says_until_when_and_its_step_says_the_same(
    world: World,
) -> None:
    campaign = await world.create_campaign(after(EMAIL, 2, "days"), business_hours=DAYTIME)
    enrollment = await world.enroll(campaign, await world.create_contact())

    shown = await world.detail(enrollment)

    assert shown["why"].startswith("due ")
    assert shown["executions"][0]["why"] == shown["why"]


async def test_step_that_waits_for_its_window_names_the_opening(world: World) -> None:
    minutes = minutes_until("Sat", 12)
    campaign = await world.create_campaign(
        after(EMAIL, minutes, "minutes"), respect_business_hours=True, business_hours=DAYTIME
    )
    enrollment = await world.enroll(campaign, await world.create_contact())

    shown = await world.detail(enrollment)

    assert "its window opens Mon" in shown["why"]
    assert "09:00" in shown["why"]


async def test_paused_enrollment_and_paused_campaign_say_so_before_what_they_wait_for(
    world: World,
) -> None:
    campaign = await world.create_campaign(after(EMAIL, 2, "days"))
    by_hand = await world.enroll(campaign, await world.create_contact())
    other = await world.enroll(campaign, await world.create_contact())

    paused = (await world.staff.post(f"{path(by_hand)}/pause"))["enrollment"]
    await world.manager.patch(f"/campaigns/{campaign['id']}", {"status": "paused"})

    assert paused["why"].startswith("paused by hand; due ")
    assert (await world.detail(other))["why"].startswith("the campaign is paused; due ")
    listed = await world.staff.get(f"/campaigns/{campaign['id']}/enrollments")
    assert {each["why"].partition(";")[0] for each in listed["enrollments"]} == {
        "paused by hand",
        "the campaign is paused",
    }


async def test_steps_that_are_over_say_what_they_did_and_why(world: World) -> None:
    contact = await world.create_contact(sms_consent=False, stage="lead")
    campaign = await world.create_campaign(EMAIL, TEXT)
    is_lead = {"field": "contact.stage", "operator": "equals", "value": "lead"}
    branching = await world.add_step(campaign, **fork([is_lead]))
    leaving = {"step_type": "exit_campaign", "step_config": {"reason": "stage_changed"}}
    await world.add_step(campaign, **inside(leaving, branching, "true"))

    over = await world.finished(await world.enroll(campaign, contact))

    sent, skipped, branched, left = (each["why"] for each in over["executions"])
    assert sent.startswith("due ")
    assert ", sent " in sent
    assert skipped.startswith("skipped ")
    assert "consent" in skipped
    assert branched == "contact.stage (lead) equals lead: true, so it went the true way"
    assert ", done " in left
    assert over["why"] == "came to a stage that ends this campaign"


async def test_step_that_failed_for_good_quotes_the_provider(world: World, faults: Faults) -> None:
    await faults(resend={"mode": "bad_request", "count": 1})
    campaign = await world.create_campaign(EMAIL)

    over = await world.finished(await world.enroll(campaign, await world.create_contact()))

    (failed,) = over["executions"]
    assert failed["why"].startswith("failed for good ")
    assert failed["error_message"] in failed["why"]
    assert over["why"] == "went through all the steps"


async def test_text_at_night_says_when_its_window_opens(world: World) -> None:
    campaign = await world.create_campaign(TEXT)
    contact = await world.create_contact(timezone=night_zone())
    enrollment = await world.enroll(campaign, contact)

    shown = await world.until(enrollment, lambda now: "window" in (now["why"] or ""))

    assert "opens" in shown["why"]
    assert shown["executions"][0]["why"] == shown["why"]


async def test_who_is_ended_with_all_of_a_campaign_is_told_why(world: World) -> None:
    campaign = await world.create_campaign(after(EMAIL, 2, "days"))
    enrollment = await world.enroll(campaign, await world.create_contact())

    await world.admin.patch(f"/campaigns/{campaign['id']}", {"status": "archived"})

    shown = await world.detail(enrollment)
    assert shown["why"] == "the campaign was archived"


async def test_temporal_shows_the_same_words(world: World) -> None:
    campaign = await world.create_campaign(after(EMAIL, 2, "days"))
    enrollment = await world.enroll(campaign, await world.create_contact())
    await world.staff.post(f"{path(enrollment)}/pause")

    async def says_so() -> bool:
        state = await world.workflow(enrollment).query("state")
        return bool(state["why"] == (await world.detail(enrollment))["why"])

    await eventually(says_so)

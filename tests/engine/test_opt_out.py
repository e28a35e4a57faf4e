"""Whoever opts out of a channel leaves the campaigns that use it, at once and for all of the company."""

import re

import pytest

from tests.engine.helpers import after, tag
from tests.world import EMAIL, TEXT, World


@pytest.mark.parametrize(("field", "step"), [("email_opt_out", EMAIL), ("sms_opt_out", TEXT)])
async def test_opt_out_while_waiting_ends_the_campaign_that_uses_the_channel(
    world: World, field: str, step: dict[str, object]
) -> None:
    uses = await world.create_campaign(after(step, 3, "weeks"))
    other = await world.create_campaign(after(tag("later"), 3, "weeks"))
    contact = await world.create_contact()
    ends, stays = await world.enroll(uses, contact), await world.enroll(other, contact)

    await world.staff.patch(f"/contacts/{contact['id']}", {field: True})

    await world.workflow(ends).result()
    ended = await world.detail(ends)
    assert (ended["status"], ended["exit_reason"]) == ("exited", "unsubscribed")
    assert (await world.detail(stays))["status"] == "active"


async def test_unsubscribe_link_of_an_email_shows_a_page_and_ends_the_drip_by_its_button(
    world: World,
) -> None:
    campaign = await world.create_campaign(EMAIL, after(EMAIL, 1, "weeks"))
    contact = await world.create_contact()
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, lambda now: now["emails_sent"] == 1)
    (message,) = await world.messages(contact["email"])
    link = message["headers"]["List-Unsubscribe"].strip("<>")
    assert link in message["html"]

    page = await world.admin.http.get(link)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert not (await contact_of(world, contact))["email_opt_out"], "a GET never unsubscribes"

    done = await world.admin.http.post(link)
    assert done.status_code == 200
    assert (await contact_of(world, contact))["email_opt_out"]
    ended = await world.finished(enrollment)
    assert ended["exit_reason"] == "unsubscribed"


async def test_unsubscribe_link_with_one_letter_changed_is_not_found(world: World) -> None:
    campaign = await world.create_campaign(EMAIL)
    contact = await world.create_contact()
    await world.finished(await world.enroll(campaign, contact))
    (message,) = await world.messages(contact["email"])
    link = message["headers"]["List-Unsubscribe"].strip("<>")
    head, token = re.split(r"(?<=/u/)", link)

    for place in (0, len(token) // 2, len(token) - 2):
        wrong = "A" if token[place] != "A" else "B"
        forged = f"{head}{token[:place]}{wrong}{token[place + 1 :]}"
        assert (await world.admin.http.post(forged)).status_code == 404
    assert not (await contact_of(world, contact))["email_opt_out"]


async def test_opted_out_contact_that_is_enrolled_again_is_skipped_not_ended(world: World) -> None:
    campaign = await world.create_campaign(EMAIL, tag("after"))
    contact = await world.create_contact(email_opt_out=True)

    enrollment = await world.finished(await world.enroll(campaign, contact))

    assert enrollment["status"] == "completed"
    assert enrollment["executions"][0]["result_data"]["skipped"] == "email_opt_out"


async def contact_of(world: World, contact: dict[str, object]) -> dict[str, object]:
    found: dict[str, object] = (await world.admin.get(f"/contacts/{contact['id']}"))["contact"]
    return found

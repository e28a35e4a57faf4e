"""Who may be enrolled, and who may come back."""

import asyncio
from datetime import timedelta
from typing import Any

from sqlalchemy import func, update

from db.session import engine
from db.tables import Enrollment
from tests.engine.helpers import after, at, path, tag, walked
from tests.world import EMAIL, Json, World


async def test_contact_is_in_a_campaign_once_at_a_time(world: World) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(after(EMAIL, 1, "days"), allow_re_enrollment=True)
    enrollment = await world.enroll(campaign, contact)
    assert await refusal(world, campaign, contact) == "already_enrolled"

    await world.staff.post(f"{path(enrollment)}/pause")

    assert await refusal(world, campaign, contact) == "already_enrolled"


async def test_concurrent_calls_enroll_a_contact_once(world: World) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(after(EMAIL, 1, "days"), allow_re_enrollment=True)

    answers = await asyncio.gather(*(ask(world, campaign, contact) for _ in range(10)))

    assert sorted(code for code, _ in answers) == [201] + [409] * 9
    assert {body["code"] for code, body in answers if code == 409} == {"already_enrolled"}


async def test_contact_who_is_through_may_not_come_back_unless_the_campaign_says_so(
    world: World,
) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(tag("once"))
    await world.finished(await world.enroll(campaign, contact))
    assert await refusal(world, campaign, contact) == "re_enrollment_not_allowed"

    await world.admin.patch(f"/campaigns/{campaign['id']}", {"allow_re_enrollment": True})

    again = await world.finished(await world.enroll(campaign, contact))
    assert again["status"] == "completed"


async def test_contact_comes_back_after_the_delay_from_the_end_of_the_last_time(
    world: World,
) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(
        tag("once"), allow_re_enrollment=True, re_enrollment_delay_days=30
    )
    first = await world.finished(await world.enroll(campaign, contact))

    status, body = await ask(world, campaign, contact)
    assert (status, body["code"]) == (409, "re_enrollment_too_soon")
    assert at(body["available_at"]) == at(first["completed_at"]) + timedelta(days=30)
    await ended_ago(world, first, timedelta(days=29, hours=23))
    assert await refusal(world, campaign, contact) == "re_enrollment_too_soon"
    await ended_ago(world, first, timedelta(days=30))

    await world.finished(await world.enroll(campaign, contact))


async def test_delay_counts_from_the_exit_of_who_left_early(world: World) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(
        after(EMAIL, 1, "days"), allow_re_enrollment=True, re_enrollment_delay_days=7
    )
    enrollment = await world.enroll(campaign, contact)
    answer = await world.staff.post(f"{path(enrollment)}/exit")

    _, body = await ask(world, campaign, contact)

    assert at(body["available_at"]) == at(answer["enrollment"]["exited_at"]) + timedelta(days=7)


async def test_each_time_through_is_a_walk_of_its_own(world: World) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(EMAIL, tag("seen"), allow_re_enrollment=True)

    first = await world.finished(await world.enroll(campaign, contact))
    second = await world.finished(await world.enroll(campaign, contact))

    assert first["id"] != second["id"]
    assert len(await world.messages(contact["email"])) == 2
    assert await walked(world, contact) == ["seen"]
    assert second["emails_sent"] == 1


async def test_contact_who_has_opted_out_is_enrolled_and_skipped(world: World) -> None:
    contact = await world.create_contact(email_opt_out=True)
    campaign = await world.create_campaign(EMAIL)

    enrollment = await world.finished(await world.enroll(campaign, contact))

    assert enrollment["executions"][0]["status"] == "skipped"


async def ask(world: World, campaign: Json, contact: Json) -> tuple[int, Json]:
    answer = await world.admin.request(
        "POST", f"/campaigns/{campaign['id']}/enrollments", json={"contact_id": contact["id"]}
    )
    return answer.status_code, answer.json()


async def refusal(world: World, campaign: Json, contact: Json) -> Any:
    status, body = await ask(world, campaign, contact)
    assert status == 409, body
    return body["code"]


async def ended_ago(world: World, enrollment: Json, length: timedelta) -> None:
    async with world.database.transaction(engine(world.tenant_id)) as session:
        await session.execute(
            update(Enrollment)
            .where(Enrollment.id == enrollment["id"])
            .values(completed_at=func.now() - length)
        )

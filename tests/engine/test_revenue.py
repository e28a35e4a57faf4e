"""Revenue goes to the campaign that touched last, and is taken back when the deal is reversed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from db.counters import fold_counters
from db.session import engine
from tests.engine.events import FAR, send_event, settled
from tests.world import EMAIL, World

Json = dict[str, Any]


async def touched(world: World, contact: Json, **values: Any) -> Json:
    """An enrollment that has sent its only e-mail, and is over."""
    campaign = await world.create_campaign(EMAIL, **values)
    return await world.finished(await world.enroll(campaign, contact))


async def revenue_of(world: World, *enrollments: Json) -> list[str]:
    return [(await world.detail(each))["revenue_attributed"] for each in enrollments]


async def win(world: World, contact: Json, amount: object, **values: Any) -> None:
    await send_event(world, contact, "deal_won", properties={"amount": amount}, **values)
    await settled(world, contact)


async def test_revenue_goes_to_the_campaign_that_touched_last_though_it_is_over(
    world: World,
) -> None:
    contact = await world.create_contact()
    earlier = await touched(world, contact)
    later = await touched(world, contact)
    untouched = await world.enroll(await world.create_campaign({**EMAIL, **FAR}), contact)
    await win(world, contact, "12500.50")
    assert await revenue_of(world, earlier, later, untouched) == ["0.00", "12500.50", "0.00"]
    assert (await world.detail(later))["status"] == "completed"
    campaign = (await world.admin.get(f"/campaigns/{later['campaign_id']}"))["campaign"]
    assert campaign["total_revenue"] == "12500.50"


async def test_revenue_outside_the_window_goes_to_nobody(world: World) -> None:
    contact = await world.create_contact()
    enrollment = await touched(world, contact)
    await world.admin.patch("/settings", {"attribution_days": 0})
    await win(world, contact, 100)
    assert await revenue_of(world, enrollment) == ["0.00"]


async def test_message_after_the_deal_had_no_part_in_it(world: World) -> None:
    contact = await world.create_contact()
    enrollment = await touched(world, contact)
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    await win(world, contact, 100, occurred_at=yesterday)
    assert await revenue_of(world, enrollment) == ["0.00"]


async def test_client_whose_clock_is_behind_is_not_late(world: World) -> None:
    contact = await world.create_contact()
    enrollment = await touched(world, contact)
    just_now = (datetime.now(UTC) - timedelta(minutes=2)).isoformat()
    await win(world, contact, 100, occurred_at=just_now)
    assert await revenue_of(world, enrollment) == ["100.00"]


async def test_message_that_bounced_has_touched_nobody(world: World) -> None:
    contact = await world.create_contact()
    reached = await touched(world, contact)
    bounced = await touched(world, contact)
    *_, message = await world.messages(contact["email"])
    await world.homeowner.bounce(message)
    await win(world, contact, 100)
    assert await revenue_of(world, reached, bounced) == ["100.00", "0.00"]


async def test_deal_that_is_reversed_is_taken_back(world: World) -> None:
    contact = await world.create_contact()
    enrollment = await touched(world, contact)
    await win(world, contact, 12000)
    await win(world, contact, -2000)
    assert await revenue_of(world, enrollment) == ["10000.00"]
    await win(world, contact, -99999)
    assert await revenue_of(world, enrollment) == ["0.00"]


async def test_deal_is_taken_back_where_it_went_though_another_has_touched_since(
    world: World,
) -> None:
    contact = await world.create_contact()
    first = await touched(world, contact)
    await win(world, contact, 12000)
    second = await touched(world, contact)
    await win(world, contact, -12000)
    assert await revenue_of(world, first, second) == ["0.00", "0.00"]


async def test_event_that_is_sent_again_counts_once(world: World) -> None:
    contact = await world.create_contact()
    enrollment = await touched(world, contact)
    for _ in range(2):
        await win(world, contact, 12000, event_id="deal-1")
    assert await revenue_of(world, enrollment) == ["12000.00"]


async def test_project_won_by_its_stage_and_by_an_event_is_one_deal(world: World) -> None:
    contact = await world.create_contact()
    enrollment = await touched(world, contact)
    body = {"contact_id": contact["id"], "estimate_amount": "9000", "stage": "estimate"}
    project = (await world.admin.post("/projects", body))["project"]
    await world.admin.patch(f"/projects/{project['id']}", {"stage": "won"})
    await settled(world, contact)
    assert await revenue_of(world, enrollment) == ["9000.00"]
    await win(world, contact, "9500", project_id=project["id"])
    assert await revenue_of(world, enrollment) == ["9500.00"]
    for stage in ("reopened", "won"):
        await world.admin.patch(f"/projects/{project['id']}", {"stage": stage})
    await settled(world, contact)
    assert await revenue_of(world, enrollment) == ["9500.00"]
    await win(world, contact, "-9500", project_id=project["id"])
    assert await revenue_of(world, enrollment) == ["0.00"]


async def test_goal_that_is_reached_after_the_end_counts_for_who_touched_last(
    world: World,
) -> None:
    contact = await world.create_contact()
    enrollment = await touched(world, contact, goal_type="deals")
    await win(world, contact, 12000)
    now = await world.detail(enrollment)
    assert (now["status"], now["exit_reason"]) == ("completed", "completed")
    assert (now["goal_achieved"], now["revenue_attributed"]) == (True, "12000.00")


@pytest.mark.parametrize("amount", ["twelve", True, 1e12, [1], {"usd": 5}])
async def test_amount_that_is_no_money_is_refused(world: World, amount: object) -> None:
    contact = await world.create_contact()
    response = await world.admin.request(
        "POST",
        "/events",
        json={
            "event_name": "deal_won",
            "contact_id": contact["id"],
            "properties": {"amount": amount},
        },
    )
    assert response.status_code == 422
    assert "amount" in response.json()["errors"][0]["field"]


async def test_deal_of_a_contact_with_one_project_is_that_project_s(world: World) -> None:
    contact = await world.create_contact()
    enrollment = await touched(world, contact)
    body = {"contact_id": contact["id"], "estimate_amount": "9000"}
    project = (await world.admin.post("/projects", body))["project"]
    await win(world, contact, "9500")
    await world.admin.patch(f"/projects/{project['id']}", {"stage": "won"})
    await settled(world, contact)
    assert await revenue_of(world, enrollment) == ["9500.00"]
    await win(world, contact, "-9500", project_id=project["id"])
    assert await revenue_of(world, enrollment) == ["0.00"]


async def test_stage_that_is_only_spelled_anew_is_no_deal(world: World) -> None:
    contact = await world.create_contact()
    body = {"contact_id": contact["id"], "estimate_amount": "9000", "stage": "won"}
    project = (await world.admin.post("/projects", body))["project"]
    await settled(world, contact)
    enrollment = await touched(world, contact)
    await world.admin.patch(f"/projects/{project['id']}", {"stage": " Won"})
    await settled(world, contact)
    assert await revenue_of(world, enrollment) == ["0.00"]


async def test_campaign_that_brings_in_more_than_its_column_holds_stops_nothing(
    world: World,
) -> None:
    campaign = await world.create_campaign(EMAIL)
    for _ in range(2):
        contact = await world.create_contact()
        await world.finished(await world.enroll(campaign, contact))
        await win(world, contact, "9999999999.99")
    async with world.database.transaction(engine(world.tenant_id)) as session:
        await fold_counters(session)
    campaign = (await world.admin.get(f"/campaigns/{campaign['id']}"))["campaign"]
    assert campaign["total_revenue"] == "9999999999.99"

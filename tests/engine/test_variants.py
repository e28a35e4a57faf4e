"""Variants of a message: who gets which, what a retry sends, and the one that has won."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from db.experiments import VariantCounts, count_variants
from db.session import engine
from services.reconcile import Reconciler
from services.rollup import fold
from services.settings import Settings
from services.temporal import Dispatcher
from tests.engine.conftest import Faults
from tests.engine.helpers import after
from tests.world import EMAIL, Json, World, eventually, noon_zone

MACHINE = "Barracuda Sentinel (EE)"

SENT_BEFORE = text(
    """
    with enrolled as (
        insert into campaign_enrollments (tenant_id, campaign_id, contact_id, enrollment_source, status,
                                          exit_reason, completed_at, workflow_status)
        select e.tenant_id, e.campaign_id, e.contact_id, e.enrollment_source, 'completed', 'completed', now(), 'closed'
        from campaign_enrollments e, generate_series(1, :sent) where e.id = :like
        returning id, tenant_id, campaign_id
    )
    insert into campaign_step_executions (tenant_id, campaign_id, enrollment_id, step_id, step_type, visit, status,
                                          scheduled_at, completed_at, variant, opened_at)
    select tenant_id, campaign_id, id, :step_id, 'send_email', 1, 'completed', now(), now(), :variant,
           case when row_number() over () <= :opened then now() end
    from enrolled
    """
)


def subjects(a: float, b: float, **config: Any) -> Json:
    """An e-mail of which two subjects are tested, with these weights."""
    variants = [
        {"name": "A", "weight": a, "subject": "Hello from A"},
        {"name": "B", "weight": b, "subject": "Hello from B"},
    ]
    return {"subject": "Hi", "html": "<p>Your roof</p>", "variants": variants, **config}


def split_test(a: float, b: float, **config: Any) -> Json:
    return {"step_type": "send_email", "step_config": subjects(a, b, **config)}


async def only_step(world: World, campaign: Json) -> Json:
    (step,) = (await world.admin.get(f"/campaigns/{campaign['id']}/steps"))["steps"]
    found: Json = step
    return found


async def edit(world: World, campaign: Json, config: Json) -> Json:
    step = await only_step(world, campaign)
    path = f"/campaigns/{campaign['id']}/steps/{step['id']}"
    changed: Json = (await world.admin.patch(path, {"step_config": config}))["step"]
    return changed


async def sent(world: World, campaign: Json, contact: Json | None = None) -> str:
    """The variant that a new enrollment of the campaign gets at its only step."""
    enrollment = await world.enroll(campaign, contact or await world.create_contact())
    (execution,) = (await world.finished(enrollment))["executions"]
    assert execution["status"] == "completed"
    name: str = execution["variant"]
    return name


async def send_before(world: World, campaign: Json, **opened: int) -> None:
    """As if 1000 of each variant had been sent, and so many been opened by people."""
    step = await only_step(world, campaign)
    enrollment = await world.enroll(campaign, await world.create_contact())
    await world.finished(enrollment)
    async with world.database.transaction(engine(world.tenant_id)) as session:
        for variant, count in opened.items():
            values = {"variant": variant, "opened": count, "sent": 1000}
            ids = {"like": UUID(enrollment["id"]), "step_id": UUID(step["id"])}
            await session.execute(SENT_BEFORE, {**values, **ids})


async def reconcile(world: World, settings: Settings) -> None:
    dispatcher = Dispatcher(world.temporal, world.database)
    await Reconciler(world.database, world.temporal, dispatcher, settings.rates).run()


async def test_timeline_names_the_variant_whose_content_was_sent(world: World) -> None:
    campaign = await world.create_campaign(split_test(1, 1))
    for _ in range(6):
        contact = await world.create_contact()
        variant = await sent(world, campaign, contact)
        (message,) = await world.messages(contact["email"])
        assert message["subject"] == f"Hello from {variant}"
        assert "<p>Your roof</p>" in message["html"]  # what the variant does not say, the step says


async def test_step_without_variants_sends_none(world: World) -> None:
    enrollment = await world.enroll(
        await world.create_campaign(EMAIL), await world.create_contact()
    )
    (execution,) = (await world.finished(enrollment))["executions"]
    assert execution["variant"] is None


async def test_variant_without_weight_is_sent_to_nobody(world: World) -> None:
    campaign = await world.create_campaign(split_test(0, 0.5))
    assert {await sent(world, campaign) for _ in range(4)} == {"B"}


async def test_texts_have_variants_too(world: World) -> None:
    variants = [
        {"name": "short", "weight": 0, "body": "Hi"},
        {"name": "long", "body": "Hi {{ first_name }}, how is the roof?"},
    ]
    config = {"body": "unused", "variants": variants}
    campaign = await world.create_campaign({"step_type": "send_sms", "step_config": config})
    contact = await world.create_contact(timezone=noon_zone())
    assert await sent(world, campaign, contact) == "long"
    (message,) = await world.messages(contact["phone"])
    assert message["body"] == "Hi Ann, how is the roof?"


async def test_variant_of_a_message_template_replaces_what_it_says(world: World) -> None:
    shared = {"name": "Shared", "channel": "email", "subject": "Shared", "html": "<p>Shared</p>"}
    template = (await world.admin.post("/message-templates", shared))["message_template"]
    config = subjects(1, 0, template_id=template["id"], subject=None, html=None)
    campaign = await world.create_campaign({"step_type": "send_email", "step_config": config})
    contact = await world.create_contact()
    await sent(world, campaign, contact)
    (message,) = await world.messages(contact["email"])
    assert message["subject"] == "Hello from A"
    assert "<p>Shared</p>" in message["html"]


async def test_variables_of_a_variant_that_are_empty_skip_the_step(world: World) -> None:
    variants = [{"name": "A", "subject": "Hi {{ last_name }}"}, {"name": "B", "weight": 0}]
    config = {"subject": "Hi", "html": "<p>Hi</p>", "variants": variants}
    campaign = await world.create_campaign({"step_type": "send_email", "step_config": config})
    enrollment = await world.enroll(campaign, await world.create_contact(last_name=None))
    (execution,) = (await world.finished(enrollment))["executions"]
    assert execution["status"] == "skipped"
    assert "last_name" in execution["error_message"]
    assert execution["variant"] is None


async def test_retry_sends_the_variant_of_the_first_attempt_whatever_the_weights_are_by_then(
    world: World, faults: Faults
) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(split_test(1, 0))
    await faults(resend={"mode": "error_500"})
    enrollment = await world.enroll(campaign, contact)
    await world.until(
        enrollment, lambda now: "500" in (now["executions"][0]["error_message"] or "")
    )

    await edit(world, campaign, subjects(0, 1))
    await faults(resend={})

    (execution,) = (await world.finished(enrollment))["executions"]
    assert execution["variant"] == "A"
    assert [each["subject"] for each in await world.messages(contact["email"])] == ["Hello from A"]


async def test_new_weights_hold_for_those_who_have_not_come_to_the_step(world: World) -> None:
    campaign = await world.create_campaign(after(split_test(1, 0), 2, "days"))
    enrollment = await world.enroll(campaign, await world.create_contact())

    await edit(world, campaign, subjects(0, 1))
    await world.pass_time(enrollment, days=3)

    (execution,) = (await world.finished(enrollment))["executions"]
    assert execution["variant"] == "B"


async def test_opens_of_machines_are_no_success(world: World) -> None:
    campaign = await world.create_campaign(split_test(1, 0))
    contact = await world.create_contact()
    await sent(world, campaign, contact)
    await world.read_later()
    (message,) = await world.messages(contact["email"])
    step_id = UUID((await only_step(world, campaign))["id"])

    async def counts() -> list[VariantCounts]:
        await fold(world.database)
        async with world.database.transaction(engine(world.tenant_id)) as session:
            return list((await count_variants(session, [step_id]))[step_id])

    await world.homeowner.open(message, user_agent=MACHINE)
    assert await counts() == [VariantCounts("A", 1, 0, 0, 0, 0)]
    await world.homeowner.open(message)
    assert await counts() == [VariantCounts("A", 1, 0, 1, 0, 0)]


async def test_best_variant_goes_to_everybody_once_the_numbers_say_which_it_is(
    world: World, settings: Settings
) -> None:
    # By the weights all would get A.
    campaign = await world.create_campaign(split_test(999_999, 0.000_001, choose_winner=True))
    await send_before(world, campaign, A=200, B=300)

    async def has_won() -> bool:
        await reconcile(world, settings)
        return bool((await only_step(world, campaign))["winner"])

    await eventually(has_won)
    step = await only_step(world, campaign)
    assert step["winner"] == "B"
    assert step["winner_chosen_at"]
    report = (await world.admin.get(f"/campaigns/{campaign['id']}/analytics"))["analytics"]
    assert [(each["name"], each["winner"]) for each in report["variants"]] == [
        ("A", False),
        ("B", True),
    ]
    assert {await sent(world, campaign) for _ in range(4)} == {"B"}


@pytest.mark.parametrize(
    ("opened", "config"),
    [
        pytest.param({"A": 200, "B": 220}, {"choose_winner": True}, id="too close"),
        pytest.param({"A": 200, "B": 300}, {}, id="not asked for"),
        pytest.param(
            {"A": 200, "B": 300}, {"choose_winner": True, "metric": "clicked"}, id="other metric"
        ),
    ],
)
async def test_winner_that_is_not_supported_or_not_wanted_is_not_chosen(
    world: World, settings: Settings, opened: dict[str, int], config: Json
) -> None:
    campaign = await world.create_campaign(split_test(1, 1, **config))
    await send_before(world, campaign, **opened)
    await reconcile(world, settings)
    assert (await only_step(world, campaign))["winner"] is None


async def test_edit_of_the_test_takes_its_winner_back_and_that_of_the_rest_does_not(
    world: World, settings: Settings
) -> None:
    config = subjects(1, 0.000_001, choose_winner=True)
    campaign = await world.create_campaign({"step_type": "send_email", "step_config": config})
    await send_before(world, campaign, A=200, B=300)

    async def has_won() -> bool:
        await reconcile(world, settings)
        return bool((await only_step(world, campaign))["winner"])

    await eventually(has_won)
    changed = await edit(world, campaign, {**config, "html": "<p>Your new roof</p>"})
    assert changed["winner"] == "B"

    changed = await edit(world, campaign, {**config, "choose_winner": False})
    assert (changed["winner"], changed["winner_chosen_at"]) == (None, None)
    assert await sent(world, campaign) == "A"


async def test_copy_of_a_campaign_tests_anew(world: World) -> None:
    campaign = await world.create_campaign(split_test(1, 1, choose_winner=True))
    copy = (await world.admin.post(f"/campaigns/{campaign['id']}/duplicate"))["campaign"]
    steps = (await world.admin.get(f"/campaigns/{copy['id']}/steps"))["steps"]
    assert steps[0]["step_config"]["variants"] == subjects(1, 1)["variants"]
    assert steps[0]["winner"] is None

"""The walk: which step comes after which."""

import pytest

from tests.engine.helpers import fork, inside, statuses, tag, walked
from tests.world import Json, World

YES: Json = {"all": []}
NO: Json = {"any": []}


@pytest.mark.parametrize(("conditions", "expected"), [(YES, "true"), (NO, "false")])
async def test_conditional_takes_one_branch_and_comes_back_to_the_trunk(
    world: World, conditions: Json, expected: str
) -> None:
    campaign = await world.create_campaign(activate=False)
    conditional = await world.add_step(campaign, **fork(conditions))
    await world.add_step(campaign, **tag("end"))
    for branch in ("true", "false"):
        for name in (f"{branch} 1", f"{branch} 2"):
            await world.add_step(campaign, **inside(tag(name), conditional, branch))

    enrollment, marks = await walk(world, campaign)

    assert marks == [f"{expected} 1", f"{expected} 2", "end"]
    assert statuses(enrollment) == [
        ("conditional", "completed"),
        *[("manage_tags", "completed")] * 3,
    ]
    assert enrollment["steps_completed"] == 4
    assert enrollment["executions"][0]["result_data"]["branch"] is (expected == "true")


async def test_branch_is_decided_by_the_contact_and_the_reason_is_kept(world: World) -> None:
    campaign = await world.create_campaign(activate=False)
    conditions = [{"field": "contact.stage", "operator": "equals", "value": "hot"}]
    conditional = await world.add_step(campaign, **fork(conditions))
    await world.add_step(campaign, **inside(tag("hot"), conditional, "true"))
    await world.add_step(campaign, **inside(tag("cold"), conditional, "false"))
    await world.activate(campaign)

    for stage, mark in (("hot", "hot"), ("new", "cold"), (None, "cold")):
        contact = await world.create_contact(stage=stage)
        enrollment = await world.finished(await world.enroll(campaign, contact))
        assert await walked(world, contact) == [mark]
        assert "contact.stage" in enrollment["executions"][0]["result_data"]["why"]


async def test_condition_sees_what_the_enrollment_has_done(world: World) -> None:
    campaign = await world.create_campaign(activate=False)
    await world.add_step(
        campaign,
        step_type="create_task",
        step_config={"title": "Call", "task_type": "call"},
    )
    conditions = [{"field": "enrollment.tasks_created", "operator": "greater_than", "value": 0}]
    conditional = await world.add_step(campaign, **fork(conditions))
    await world.add_step(campaign, **inside(tag("has a task"), conditional, "true"))

    _, marks = await walk(world, campaign)

    assert marks == ["has a task"]


@pytest.mark.parametrize(
    ("conditions", "expected"), [(YES, ["yes", "end"]), (NO, ["end"])], ids=["full", "empty"]
)
async def test_empty_branch_goes_on_after_the_conditional_at_once(
    world: World, conditions: Json, expected: list[str]
) -> None:
    campaign = await world.create_campaign(activate=False)
    conditional = await world.add_step(campaign, **fork(conditions))
    await world.add_step(campaign, **tag("end"))
    await world.add_step(campaign, **inside(tag("yes"), conditional, "true"))

    _, marks = await walk(world, campaign)

    assert marks == expected


async def test_conditional_at_the_end_without_steps_completes(world: World) -> None:
    campaign = await world.create_campaign(fork(YES), activate=False)

    enrollment, _ = await walk(world, campaign)

    assert statuses(enrollment) == [("conditional", "completed")]
    assert enrollment["status"] == "completed"


async def test_nested_conditionals_come_back_one_by_one(world: World) -> None:
    campaign = await world.create_campaign(activate=False)
    outer = await world.add_step(campaign, **fork(YES))
    await world.add_step(campaign, **tag("trunk"))
    inner = await world.add_step(campaign, **inside(fork(NO), outer, "true"))
    await world.add_step(campaign, **inside(tag("after inner"), outer, "true"))
    await world.add_step(campaign, **inside(tag("wrong"), inner, "true"))
    innermost = await world.add_step(campaign, **inside(fork(YES), inner, "false"))
    await world.add_step(campaign, **inside(tag("deep"), innermost, "true"))
    await world.add_step(campaign, **inside(tag("wrong"), innermost, "false"))

    _, marks = await walk(world, campaign)

    assert marks == ["deep", "after inner", "trunk"]


async def test_path_jumps_forward_over_steps(world: World) -> None:
    campaign = await world.create_campaign(activate=False)
    conditional = await world.add_step(campaign, **fork(YES))
    await world.add_step(campaign, **tag("jumped over"))
    target = await world.add_step(campaign, **tag("target"))
    await world.add_step(campaign, **tag("end"))
    await world.add_step(campaign, **inside(tag("overridden"), conditional, "true"))
    await jump(world, campaign, conditional, true_path_step_id=target["id"])

    _, marks = await walk(world, campaign)

    assert marks == ["target", "end"]


async def test_false_path_jumps_while_the_true_side_keeps_its_branch(world: World) -> None:
    campaign = await world.create_campaign(activate=False)
    conditions = [{"field": "contact.stage", "operator": "equals", "value": "hot"}]
    conditional = await world.add_step(campaign, **fork(conditions))
    await world.add_step(campaign, **tag("trunk"))
    target = await world.add_step(campaign, **tag("target"))
    await world.add_step(campaign, **inside(tag("branch"), conditional, "true"))
    await jump(world, campaign, conditional, false_path_step_id=target["id"])
    await world.activate(campaign)

    for stage, expected in (("hot", ["branch", "trunk", "target"]), ("new", ["target"])):
        contact = await world.create_contact(stage=stage)
        await world.finished(await world.enroll(campaign, contact))
        assert await walked(world, contact) == expected


async def test_path_out_of_a_branch_leads_back_into_the_trunk(world: World) -> None:
    campaign = await world.create_campaign(activate=False)
    outer = await world.add_step(campaign, **fork(YES))
    await world.add_step(campaign, **tag("jumped over"))
    target = await world.add_step(campaign, **tag("target"))
    inner = await world.add_step(campaign, **inside(fork(YES), outer, "true"))
    await world.add_step(campaign, **inside(tag("left behind"), outer, "true"))
    await jump(world, campaign, inner, true_path_step_id=target["id"])

    _, marks = await walk(world, campaign)

    assert marks == ["target"]


async def test_path_into_a_branch_goes_on_after_that_branchs_conditional(world: World) -> None:
    campaign = await world.create_campaign(activate=False)
    first = await world.add_step(campaign, **fork(YES))
    second = await world.add_step(campaign, **fork(NO))
    await world.add_step(campaign, **tag("end"))
    await world.add_step(campaign, **inside(tag("before"), second, "true"))
    target = await world.add_step(campaign, **inside(tag("target"), second, "true"))
    await world.add_step(campaign, **inside(tag("behind"), second, "true"))
    await jump(world, campaign, first, true_path_step_id=target["id"])

    _, marks = await walk(world, campaign)

    assert marks == ["target", "behind", "end"]


async def test_path_back_to_an_earlier_step_is_refused_at_activation(world: World) -> None:
    campaign = await world.create_campaign(activate=False)
    first = await world.add_step(campaign, **tag("first"))
    conditional = await world.add_step(campaign, **fork(NO))
    await jump(world, campaign, conditional, true_path_step_id=first["id"])

    answer = await world.admin.request(
        "PATCH", f"/campaigns/{campaign['id']}", json={"status": "active"}
    )

    assert answer.status_code == 409
    assert answer.json()["code"] == "not_ready"
    assert [problem["code"] for problem in answer.json()["problems"]] == ["cycle"]


async def test_step_posted_to_an_order_in_use_goes_there_and_moves_the_rest(world: World) -> None:
    campaign = await world.create_campaign(tag("one"), tag("two"), activate=False)
    await world.add_step(campaign, **tag("new one"), step_order=1)

    _, marks = await walk(world, campaign)

    assert marks == ["new one", "one", "two"]


async def test_exit_step_inside_a_branch_ends_the_walk_there(world: World) -> None:
    campaign = await world.create_campaign(activate=False)
    conditional = await world.add_step(campaign, **fork(YES))
    await world.add_step(campaign, **tag("never"))
    leave = {"step_type": "exit_campaign", "step_config": {"reason": "replied"}}
    await world.add_step(campaign, **inside(leave, conditional, "true"))

    enrollment, marks = await walk(world, campaign)

    assert marks == []
    assert (enrollment["status"], enrollment["exit_reason"]) == ("exited", "replied")


async def jump(world: World, campaign: Json, conditional: Json, **paths: str) -> None:
    await world.admin.patch(f"/campaigns/{campaign['id']}/steps/{conditional['id']}", paths)


async def walk(world: World, campaign: Json) -> tuple[Json, list[str]]:
    """Activate, and send a contact through: the enrollment, and the marks it left."""
    await world.activate(campaign)
    contact = await world.create_contact()
    enrollment = await world.finished(await world.enroll(campaign, contact))
    return enrollment, await walked(world, contact)

"""Trying a campaign out: a test run, read step by step."""

from typing import Any

from tests.world import Caller, Json, World

CHRISTMAS = "2026-12-25T17:00:00Z"
"""A Friday, ten in the morning in Denver."""


async def try_out(
    world: World,
    campaign: Json,
    who: Json,
    *,
    by: Caller | None = None,
    **body: Any,
) -> Json:
    """The test run of a contact, or of one that is made up and so has no id."""
    whom = {"contact_id": who["id"]} if "id" in who else {"contact": who}
    answer = await (by or world.staff).post(
        f"/campaigns/{campaign['id']}/test-runs", {**whom, **body}
    )
    run: Json = answer["test_run"]
    return run


async def steps_of(world: World, campaign: Json) -> list[Json]:
    found: list[Json] = (await world.admin.get(f"/campaigns/{campaign['id']}/steps"))["steps"]
    return found


def ways(run: Json) -> list[tuple[str, str]]:
    """The run in short: `[("send_email", "done")]`."""
    return [(each["step_type"], each["status"]) for each in run["entries"]]


def assumed(step: Json, event: str) -> Json:
    return {"step_id": step["id"], "event": event}

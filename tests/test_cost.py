"""What a step costs the database. A number that rises is to be noticed, and agreed to, here."""

from typing import Any

import pytest

from tests.statements import counted
from tests.world import EMAIL, World

TAG = {"step_type": "manage_tags", "step_config": {"add": ["seen"]}}


def is_of_events(transaction: list[str]) -> bool:
    """What became of a contact is processed beside the step."""
    return any("pg_try_advisory_xact_lock" in statement for statement in transaction)


@pytest.mark.parametrize(
    ("step", "most"),
    [
        # Enter, enrollment, what surrounds it, flow; claim. Enter, gate. Enter, enrollment, what
        # surrounds it, flow; execution, enrollment, and the next execution.
        pytest.param(EMAIL, 14, id="email"),
        # Enter, enrollment, what surrounds it, flow; contact twice, execution, enrollment, and the
        # next execution.
        pytest.param(TAG, 9, id="tag"),
    ],
)
async def test_step_costs_no_more_statements_than_agreed(
    world: World, step: dict[str, Any], most: int
) -> None:
    later = {**TAG, "delay_value": 9, "delay_unit": "weeks"}
    campaign = await world.create_campaign({**step, "delay_value": 1, "delay_unit": "days"}, later)
    runs: list[list[str]] = []
    for _ in range(3):
        enrollment = await world.enroll(campaign, await world.create_contact())
        with counted(world.tenant_id) as transactions:
            await world.pass_time(enrollment, days=2)
            runs.append([one for each in transactions if not is_of_events(each) for one in each])
        await world.until(enrollment, lambda now: now["steps_completed"] == 1)

    # The reconciler of the same process may have come in between, though not every time.
    fewest = min(runs, key=len)
    assert any("INSERT INTO campaign_step_executions" in statement for statement in fewest)
    assert len(fewest) <= most, "\n".join(fewest)

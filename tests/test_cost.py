"""What a step costs the database. A number that rises is to be noticed, and agreed to, here."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, event

from tests.world import EMAIL, World

TAG = {"step_type": "manage_tags", "step_config": {"add": ["seen"]}}


@contextmanager
def counted(tenant_id: UUID) -> Iterator[list[list[str]]]:
    """The statements of this process for one company, by transaction."""
    seen: list[list[str]] = []
    current: dict[int, list[str] | None] = {}

    def note(
        connection: Connection, _cursor: Any, statement: str, parameters: Any, *_rest: Any
    ) -> None:
        own = id(connection.connection.dbapi_connection)
        if "app.tenant_id" in statement:
            current[own] = [] if parameters[1] == str(tenant_id) else None
            seen.extend(each for each in [current[own]] if each is not None)
        if (transaction := current.get(own)) is not None:
            transaction.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


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

"""A provider reports on a message before the engine has heard the provider's answer."""

import asyncio
from functools import partial

import asyncpg
import httpx

from services.settings import Settings
from tests.api.resend import event, poster
from tests.engine.conftest import Faults
from tests.faults.locks import HOLD_ENROLLMENT, HOLD_EXECUTION, Hold, deadlocks
from tests.world import EMAIL, World, eventually


async def is_held(database_url: str, enrollment_id: str) -> bool:
    connection = await asyncpg.connect(database_url)
    try:
        await connection.fetch(f"{HOLD_ENROLLMENT} nowait", enrollment_id)
    except asyncpg.LockNotAvailableError:
        return True
    finally:
        await connection.close()
    return False


async def test_report_that_comes_before_the_answer_stands_in_nobodys_way(
    world: World, settings: Settings, api: httpx.AsyncClient, faults: Faults
) -> None:
    before = await deadlocks(settings.database_url)
    await faults(resend={"delay_ms": 1500})
    contact = await world.create_contact()
    enrollment = await world.enroll(await world.create_campaign(EMAIL), contact)
    now = await world.until(enrollment, lambda now: now["executions"][0]["status"] == "running")
    execution_id = now["executions"][0]["id"]
    execution = Hold(settings.database_url)
    await execution.take(HOLD_EXECUTION, enrollment["id"])
    named = {"tenant_id": str(world.tenant_id), "execution_id": execution_id}
    report = asyncio.ensure_future(poster(api, settings)(event("delivered", named)))
    await execution.awaited()
    # The engine takes the enrollment, and stands behind the report for the execution.
    await eventually(partial(is_held, settings.database_url, enrollment["id"]))
    await execution.release()

    assert (await report).status_code == 204
    [sent] = (await world.finished(enrollment))["executions"]
    assert (sent["status"], bool(sent["delivered_at"])) == ("completed", True)
    assert await deadlocks(settings.database_url) == before

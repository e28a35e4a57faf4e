"""How soon a pause holds, for few and for many: `python -m bench.pauses [many]` on a running stack.

- Call: a PATCH that pauses, and one that resumes, of a campaign with 10 sleeping enrollments and of one with 10,000,
  one after the other.
- Amid sends: 200 e-mails are on their way when their campaign is paused. How long the call takes, and how many
  messages reach the sandbox after it has been answered; there must be none.
"""

import asyncio
import statistics
import sys
import time
from datetime import datetime
from typing import Any

import httpx

from bench.bulk import LATER, add_contacts, finished
from bench.spine import EMAIL, campaign
from bench.stack import measure, running_stack

FEW, MANY, SENDS, SAMPLES = 10, 10_000, 200, 20
_LISTEN = 5.0
"""Seconds after the pause in which nothing may arrive."""


async def sleeping(api: httpx.AsyncClient, count: int) -> str:
    """A campaign in which so many wait for a month."""
    made = await campaign(api, {**EMAIL, "delay_value": LATER.days, "delay_unit": "days"})
    await enroll(api, made, count)
    return made


async def enroll(api: httpx.AsyncClient, campaign_id: str, count: int) -> None:
    """Enroll new contacts, and wait until they are in."""
    which = {"filter": await add_contacts(api, count)}
    await finished(api, await api.post(f"campaigns/{campaign_id}/enrollments/bulk", json=which))


async def set_status(api: httpx.AsyncClient, campaign_id: str, status: str) -> float:
    """Seconds until it is answered."""
    began = time.perf_counter()
    answer = await api.patch(f"campaigns/{campaign_id}", json={"status": status})
    answer.raise_for_status()
    return time.perf_counter() - began


async def calls(api: httpx.AsyncClient, count: int) -> None:
    """Pause and resume, again and again."""
    made = await sleeping(api, count)
    for status in ("paused", "active"):
        await set_status(api, made, status)
    paused, resumed = [], []
    for _ in range(SAMPLES):
        paused.append(await set_status(api, made, "paused") * 1000)
        resumed.append(await set_status(api, made, "active") * 1000)
    print(
        f"{count:,} sleeping: pause p50 {statistics.median(paused):.0f} ms, most {max(paused):.0f} ms; "
        f"resume p50 {statistics.median(resumed):.0f} ms, most {max(resumed):.0f} ms"
    )
    await set_status(api, made, "archived")


async def arrived(sandbox: httpx.AsyncClient, campaign_id: str) -> list[float]:
    """When the sandbox got each e-mail of the campaign."""
    answer = (await sandbox.get("/messages", params={"channel": "email", "limit": 1000})).json()
    of_campaign: list[dict[str, Any]] = [
        each for each in answer["messages"] if each["tags"].get("campaign_id") == campaign_id
    ]
    return [datetime.fromisoformat(each["at"]).timestamp() for each in of_campaign]


async def amid_sends(api: httpx.AsyncClient, sandbox: httpx.AsyncClient, count: int) -> None:
    """Pause while e-mails go out."""
    made = await campaign(api, EMAIL)
    enrolling = asyncio.create_task(enroll(api, made, count))
    while len(await arrived(sandbox, made)) < FEW:  # noqa: ASYNC110 — the sandbox has no event
        await asyncio.sleep(0.05)
    taken = await set_status(api, made, "paused")
    held_from = time.time()
    await asyncio.sleep(_LISTEN)
    late = sum(at > held_from for at in await arrived(sandbox, made))
    print(
        f"amid sends: the pause was answered after {taken * 1000:.0f} ms; {late} arrived after it"
    )
    await enrolling
    await set_status(api, made, "archived")


async def main() -> None:
    """Measure the running stack."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    async with running_stack() as stack:
        # First, as thousands that are archived keep the workers busy for minutes.
        await amid_sends(stack.api, stack.sandbox, SENDS)
        for count in (FEW, many):
            await calls(stack.api, count)


if __name__ == "__main__":
    measure(main)

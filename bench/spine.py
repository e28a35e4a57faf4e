"""What a step costs, and how soon the first one takes effect: `python -m bench.spine` on a running stack.

- History: events of an enrollment of six steps, each a delay and an e-mail. 11 a step is the floor (timer 2,
  activity 3, two workflow tasks of 3); 4 begin and 2 end it, the search attribute's last change being one.
- Latency: from the start of the API call that enrolls to the moment at which the sandbox has the e-mail.
"""

import statistics
import time
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from temporalio.api.enums.v1 import EventType
from temporalio.testing import TimeSkipper

from bench.stack import measure, running_stack
from services.temporal import connect, workflow_id

STEPS, SAMPLES = 6, 200
BY_THE_FAST_FORWARD = 4
"""Running the clock ahead changes the workflow's options, which takes a workflow task."""
EMAIL = {"step_type": "send_email", "step_config": {"subject": "Hi", "text": "Hi {{ first_name }}"}}


async def campaign(api: httpx.AsyncClient, *steps: dict[str, Any]) -> str:
    """An active campaign of these steps, without business hours."""
    body = {"name": "Bench", "campaign_type": "drip", "respect_business_hours": False}
    made = (await api.post("campaigns", json=body)).json()["campaign"]["id"]
    for step in steps:
        (await api.post(f"campaigns/{made}/steps", json=step)).raise_for_status()
    await api.patch(f"campaigns/{made}", json={"status": "active"})
    return str(made)


async def enroll(api: httpx.AsyncClient, campaign_id: str) -> tuple[str, str, float]:
    """Enroll a new contact: its enrollment, its address, and the time at which the call began."""
    email = f"{uuid4().hex}@bench.example"
    contact = await api.post("contacts", json={"first_name": "Ann", "email": email})
    body = {"contact_id": contact.json()["contact"]["id"]}
    began = time.time()
    answer = await api.post(f"campaigns/{campaign_id}/enrollments", json=body)
    return answer.json()["enrollment"]["id"], email, began


async def history(api: httpx.AsyncClient) -> None:
    """Count the events of one enrollment."""
    client = await connect()
    delayed = {**EMAIL, "delay_value": 1, "delay_unit": "days"}
    made, _, _ = await enroll(api, await campaign(api, *[delayed] * STEPS))
    handle = client.get_workflow_handle(workflow_id(UUID(made)))
    await TimeSkipper(client).fast_forward(handle, timedelta(days=STEPS + 1))
    await handle.result()
    skips = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED
    kinds = [event.event_type for event in (await handle.fetch_history()).events]
    count = len(kinds) - kinds.count(skips) - BY_THE_FAST_FORWARD
    size = (await handle.describe()).raw_description.workflow_execution_info.history_size_bytes
    print(f"history: {count} events, {size} bytes for {STEPS} steps of delay and e-mail")
    print(f"         {(count - 6) / STEPS:.2f} events a step, 6 to start and end")


async def latency(api: httpx.AsyncClient, sandbox: httpx.AsyncClient) -> None:
    """Time from the call to the message, one enrollment after the other."""
    campaign_id = await campaign(api, EMAIL)
    taken, calls = [], []
    for _ in range(SAMPLES):
        _, email, began = await enroll(api, campaign_id)
        calls.append(time.time() - began)
        found: list[dict[str, Any]] = []
        while not found:
            found = (await sandbox.get("/messages", params={"to": email})).json()["messages"]
        taken.append(datetime.fromisoformat(found[0]["at"]).timestamp() - began)
    for name, values in (("API call", calls), ("first effect", taken)):
        p50, p99 = statistics.median(values), statistics.quantiles(values, n=100)[98]
        print(f"{name}: p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, {SAMPLES} samples")


async def main() -> None:
    """Measure the running stack."""
    async with running_stack() as stack:
        await history(stack.api)
        await latency(stack.api, stack.sandbox)


if __name__ == "__main__":
    measure(main)

"""How long a test run takes: `python -m bench.test_runs` on a running stack.

20 steps of five kinds over 90 days, in business hours, for one contact: from the call of the API to its answer.
"""

import statistics
import time
from datetime import datetime
from typing import Any

import httpx

from bench.stack import measure, running_stack

STEPS, DAYS, SAMPLES = 20, 90, 200
KINDS: list[dict[str, Any]] = [
    {
        "step_type": "send_email",
        "step_config": {"subject": "Hi {{ first_name }}", "html": "<p>Hi {{ first_name }}</p>"},
    },
    {"step_type": "manage_tags", "step_config": {"add": ["tried"]}},
    {"step_type": "send_sms", "step_config": {"body": "Hi {{ first_name }}"}},
    {"step_type": "create_task", "step_config": {"title": "Call", "task_type": "call"}},
    {
        "step_type": "conditional",
        "conditions": [{"field": "contact.tags", "operator": "contains", "value": "tried"}],
    },
]


async def draft(api: httpx.AsyncClient) -> str:
    """A campaign of these steps, the delays of which add up to these days."""
    made = await api.post("campaigns", json={"name": "Bench", "campaign_type": "drip"})
    campaign_id = made.json()["campaign"]["id"]
    for number in range(STEPS):
        days = DAYS * (number + 1) // STEPS - DAYS * number // STEPS
        step = {**KINDS[number % len(KINDS)], "delay_value": days, "delay_unit": "days"}
        (await api.post(f"campaigns/{campaign_id}/steps", json=step)).raise_for_status()
    return str(campaign_id)


async def main() -> None:
    """Measure the running stack."""
    async with running_stack() as stack:
        path = f"campaigns/{await draft(stack.api)}/test-runs"
        who = {"first_name": "Ann", "email": "ann@bench.example", "phone": "+13035550111"}
        taken, entries = [], []
        for _ in range(SAMPLES):
            began = time.perf_counter()
            answer = await stack.api.post(path, json={"contact": {**who, "sms_consent": True}})
            taken.append(time.perf_counter() - began)
            entries = answer.raise_for_status().json()["test_run"]["entries"]
    first, last = (datetime.fromisoformat(entries[place]["at"]) for place in (0, -1))
    p50, p99 = statistics.median(taken), statistics.quantiles(taken, n=100)[98]
    print(f"test run: {len(entries)} steps, {(last - first).days} days from the first to the last")
    print(f"          p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, {SAMPLES} samples")


if __name__ == "__main__":
    measure(main)

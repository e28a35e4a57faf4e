"""How soon and how many events take effect: `python -m bench.events` on a running stack.

- Stage change: from the start of the call that changes a contact's stage to the moment at which the sandbox has the
  e-mail of the campaign that it triggers.
- Reply: from the start of Twilio's webhook for an inbound text to the end of the workflow that slept.
- Triggers: events a second through the matcher, 100 triggers with two conditions each listening to all of them.
- Burst: the same with one event in ten enrolling its contact, until all have been processed.
"""

import asyncio
import os
import statistics
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import text

from bench.spine import EMAIL, campaign
from bench.stack import measure, running_stack
from db.session import Database, engine
from services.temporal import connect, workflow_id

SAMPLES, EVENTS, TRIGGERS = 100, 10_000, 100
FAR = {**EMAIL, "delay_value": 30, "delay_unit": "days"}
CONDITIONS = [
    {"field": "contact.state", "operator": "equals", "value": "CO"},
    {"field": "event.size", "operator": "greater_than", "value": 2},
]
_EVENTS = text(
    """
    insert into events (tenant_id, contact_id, event_name, properties)
    select app_tenant(), id, :name, jsonb_build_object('size', 3, 'chosen', number % 10 = 0)
    from (select id, row_number() over () number from contacts where first_name = :who limit :count) c
    """
)
_WAITING = text(
    "select count(*) filter (where processed_at is null), count(error) from events where event_name = :name"
)


def show(name: str, seconds: Sequence[float]) -> None:
    """The median and the tail, in milliseconds."""
    p50, p99 = statistics.median(seconds), statistics.quantiles(seconds, n=100)[98]
    print(f"{name}: p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, {len(seconds)} samples")


async def add_trigger(api: httpx.AsyncClient, campaign_id: str, body: dict[str, Any]) -> None:
    """A trigger of the campaign."""
    (await api.post(f"campaigns/{campaign_id}/triggers", json=body)).raise_for_status()


async def add_contact(api: httpx.AsyncClient) -> dict[str, Any]:
    """A new contact with an address and a number of its own."""
    unique = uuid4()
    contact = {
        "first_name": "Ann",
        "email": f"{unique.hex}@bench.example",
        "phone": f"+1720{unique.int % 10_000_000:07d}",
    }
    made: dict[str, Any] = (await api.post("contacts", json=contact)).json()["contact"]
    return made


async def stage_changes(api: httpx.AsyncClient, sandbox: httpx.AsyncClient) -> None:
    """Change stages, one after the other."""
    stage = f"bench {uuid4().hex}"
    config = {"entity_type": "contact", "to_stage": stage}
    trigger = {"trigger_type": "stage_change", "trigger_config": config}
    await add_trigger(api, await campaign(api, EMAIL), trigger)
    taken = []
    for _ in range(SAMPLES):
        contact = await add_contact(api)
        began = time.time()
        await api.patch(f"contacts/{contact['id']}", json={"stage": stage})
        found: list[dict[str, Any]] = []
        while not found:
            answer = await sandbox.get("/messages", params={"to": contact["email"]})
            found = answer.json()["messages"]
        taken.append(datetime.fromisoformat(found[0]["at"]).timestamp() - began)
    show("stage change to e-mail", taken)


async def replies(api: httpx.AsyncClient, sandbox: httpx.AsyncClient) -> None:
    """Reply, one after the other."""
    client = await connect()
    settings = (await api.get("settings")).json()["settings"]
    campaign_id = await campaign(api, FAR)
    taken = []
    for _ in range(SAMPLES):
        contact = await add_contact(api)
        body = {"contact_id": contact["id"]}
        answer = await api.post(f"campaigns/{campaign_id}/enrollments", json=body)
        handle = client.get_workflow_handle(workflow_id(UUID(answer.json()["enrollment"]["id"])))
        text_in = {"from": contact["phone"], "to": settings["sms_number"], "body": "Call me please"}
        began = time.time()
        (await sandbox.post("/texts", json=text_in)).raise_for_status()
        await handle.result()
        taken.append(time.time() - began)
    show("inbound webhook to the workflow's end", taken)


async def throughput(api: httpx.AsyncClient, database: Database, tenant_id: UUID) -> None:
    """Events of many contacts at once, through many triggers."""
    who, name = f"Bench {uuid4().hex}", f"bench_{uuid4().hex}"
    async with database.transaction(engine(tenant_id)) as session:
        await session.execute(text("select set_config('app.events', 'off', true)"))
        await session.execute(
            text(
                "insert into contacts (tenant_id, first_name, state)"
                " select app_tenant(), :who, 'TX' from generate_series(1, :count)"
            ),
            {"who": who, "count": EVENTS},
        )
    for _ in range(10):
        campaign_id = await campaign(api, FAR)
        for _ in range(TRIGGERS // 10):
            listens = {"trigger_type": "event", "trigger_config": {"event_name": name}}
            await add_trigger(api, campaign_id, {**listens, "enrollment_conditions": CONDITIONS})
    rate = await process(database, tenant_id, name, who)
    print(f"events through {TRIGGERS} triggers, none of which enrolls: {rate:.0f} a second")

    chosen = {"event_name": name, "event_filters": {"chosen": True}}
    trigger = {"trigger_type": "event", "trigger_config": chosen}
    await add_trigger(api, await campaign(api, FAR), trigger)
    rate = await process(database, tenant_id, name, who)
    print(f"the same, and one in ten enrolls: {rate:.0f} events a second")


async def process(database: Database, tenant_id: UUID, name: str, who: str) -> float:
    """Insert the burst in one go, and see how long it takes until nothing of it waits."""
    async with database.transaction(engine(tenant_id)) as session:
        await session.execute(_EVENTS, {"name": name, "who": who, "count": EVENTS})
    began = time.monotonic()
    while True:
        async with database.transaction(engine(tenant_id)) as session:
            waiting, failed = (await session.execute(_WAITING, {"name": name})).one()
        if not waiting:
            break
        await asyncio.sleep(0.1)
    if failed:
        sys.exit(f"{failed} events failed")
    return EVENTS / (time.monotonic() - began)


async def main() -> None:
    """Measure the running stack."""
    async with running_stack() as stack:
        database = Database(os.environ["DATABASE_URL"])
        me = (await stack.api.get("me")).json()
        await stage_changes(stack.api, stack.sandbox)
        await replies(stack.api, stack.sandbox)
        await throughput(stack.api, database, UUID(me["tenant"]["id"]))
        await database.close()


if __name__ == "__main__":
    measure(main)

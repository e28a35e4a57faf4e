"""What tests of events say and wait for."""

from typing import Any

from tests.world import World, eventually

Json = dict[str, Any]

FAR = {"delay_value": 30, "delay_unit": "days"}


async def add_trigger(world: World, campaign: Json, kind: str, **values: Any) -> Json:
    """A trigger of the campaign; what is none of its other fields is its configuration."""
    fields = ("enrollment_conditions", "exclusion_conditions", "priority", "is_active")
    body = {name: values.pop(name) for name in fields if name in values}
    answer = await world.admin.post(
        f"/campaigns/{campaign['id']}/triggers",
        {"trigger_type": kind, "trigger_config": values, **body},
    )
    trigger: Json = answer["trigger"]
    return trigger


async def send_event(world: World, contact: Json, name: str, **values: Any) -> Json:
    """An API client says what happened."""
    answer = await world.admin.post(
        "/events", {"event_name": name, "contact_id": contact["id"], **values}
    )
    event: Json = answer["event"]
    return event


async def enrollments_of(world: World, campaign: Json, contact: Json) -> list[Json]:
    """The contact's enrollments in the campaign, newest first."""
    answer = await world.admin.get(
        f"/campaigns/{campaign['id']}/enrollments", contact_id=contact["id"]
    )
    found: list[Json] = answer["enrollments"]
    return found


async def enrolled(world: World, campaign: Json, contact: Json) -> Json:
    """The contact's enrollment in the campaign, as soon as there is one."""
    found: list[Json] = []

    async def check() -> bool:
        found[:] = await enrollments_of(world, campaign, contact)
        return bool(found)

    await eventually(check)
    return found[0]


async def settled(world: World, contact: Json) -> None:
    """Wait until everything that happened to the contact has been processed."""

    async def check() -> bool:
        events = (await world.admin.get("/events", contact_id=contact["id"], limit=200))["events"]
        return all(event["processed_at"] for event in events)

    await eventually(check)

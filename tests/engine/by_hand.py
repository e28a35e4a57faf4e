"""Writing to a contact by hand, and waiting for what becomes of it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import update
from temporalio.client import WorkflowHandle

from db.session import engine
from db.tables import Message
from tests.world import Json, World, eventually

LETTER = {"channel": "email", "subject": "Your roof", "html": "<p>We come at nine.</p>"}
NOTE = {"channel": "sms", "body": "We come at nine."}


async def write(world: World, contact: Json, body: Json) -> Json:
    message: Json = (await world.staff.post(f"/contacts/{contact['id']}/messages", body))["message"]
    return message


async def sent(world: World, contact: Json, body: Json) -> Json:
    """What was written, when it is known what became of it."""
    return await settled(world, contact, await write(world, contact, body))


async def settled(world: World, contact: Json, message: Json) -> Json:
    return await until(world, contact, message, lambda now: now["status"] != "queued")


async def until(world: World, contact: Json, message: Json, holds: Callable[[Json], bool]) -> Json:
    latest: Json = {}

    async def check() -> bool:
        nonlocal latest
        listed = await world.staff.get(f"/contacts/{contact['id']}/messages")
        (latest,) = [each for each in listed["messages"] if each["id"] == message["id"]]
        return holds(latest)

    await eventually(check)
    return latest


def meets(text: str) -> Callable[[Json], bool]:
    """Whether the message's error names it."""
    return lambda now: text in (now["error_message"] or "")


def handle(world: World, message: Json) -> WorkflowHandle[Any, Any]:
    return world.temporal.get_workflow_handle(f"message-{message['id']}")


async def change(world: World, message: Json, **values: Any) -> None:
    async with world.database.transaction(engine(world.tenant_id)) as session:
        await session.execute(update(Message).where(Message.id == message["id"]).values(values))

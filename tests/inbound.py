"""Texts as Twilio posts them to us."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
from sqlalchemy import insert, select
from twilio.request_validator import RequestValidator

from db.session import engine
from db.tables import Event, Message, Suppression
from services.settings import Settings
from tests.world import Json, World

PATH = "/webhooks/twilio/inbound"
OWN_NUMBER = "+13035550199"
"""What `create_world` gives each company: the tests share it, as companies may."""


async def post_text(api: httpx.AsyncClient, settings: Settings, **form: str) -> httpx.Response:
    """A text with these fields, signed; `From`, `To`, `Body` and the rest are Twilio's names."""
    form = {"MessageSid": f"SM{uuid4().hex}", "NumMedia": "0", **form}
    assert settings.twilio_auth_token
    url = f"{settings.public_url}{PATH}"
    signature = RequestValidator(settings.twilio_auth_token).compute_signature(url, form)
    headers = {"X-Twilio-Signature": signature}
    return await api.post(PATH, data=form, headers=headers)


async def write(
    world: World, settings: Settings, contact: Json, body: str, **form: str
) -> httpx.Response:
    """The contact texts the company."""
    fields = {"From": contact["phone"], "To": OWN_NUMBER, "Body": body, **form}
    response = await post_text(world.admin.http, settings, **fields)
    assert response.status_code == 200, response.text
    return response


async def flags(world: World, contact: Json) -> tuple[bool, bool]:
    """`sms_opt_out`, `sms_consent`."""
    seen = (await world.admin.get(f"/contacts/{contact['id']}"))["contact"]
    return seen["sms_opt_out"], seen["sms_consent"]


async def received(world: World, contact: Json) -> list[Json]:
    answer = await world.admin.get(f"/contacts/{contact['id']}/messages", direction="inbound")
    messages: list[Json] = answer["messages"]
    return messages


async def events(world: World, contact: Json) -> list[Event]:
    async with world.database.transaction(engine(world.tenant_id)) as session:
        rows = await session.scalars(
            select(Event).where(
                Event.contact_id == contact["id"], Event.event_name == "sms_replied"
            )
        )
        return list(rows)


async def notifications(world: World) -> list[Json]:
    answer = await world.admin.get("/notifications")
    found: list[Json] = answer["notifications"]
    return found


async def texted(world: World, contact: Json, ago: timedelta, from_number: str) -> None:
    """As if a person of the company had texted the contact."""
    at = datetime.now(UTC) - ago
    async with world.database.transaction(engine(world.tenant_id)) as session:
        await session.execute(
            insert(Message).values(
                tenant_id=world.tenant_id,
                contact_id=contact["id"],
                channel="sms",
                direction="outbound",
                status="completed",
                content={"to": contact["phone"], "from_number": from_number},
                started_at=at,
                completed_at=at,
            )
        )


async def use_number(world: World, number: str | None) -> None:
    await world.admin.patch("/settings", {"sms_number": number})


def some_number() -> str:
    return f"+1720{uuid4().int % 10_000_000:07d}"


async def suppressed(world: World, phone: str) -> list[str]:
    """Why nothing goes to the number."""
    async with world.database.transaction(engine(world.tenant_id)) as session:
        rows = await session.scalars(select(Suppression.reason).where(Suppression.address == phone))
        return list(rows)

"""A message that went out an hour ago, and what the company's rows say of it since. No worker is needed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, update

from db.session import engine
from db.tables import Engagement, Event, Execution
from tests.world import EMAIL, Json, World

AN_HOUR_AGO = timedelta(hours=1)
BROWSER = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/19.1 Mobile/15E148 Safari/604.1"
)


@dataclass(frozen=True)
class Sent:
    """The execution of a send, by its id, and whom it went to."""

    world: World = field(repr=False)
    id: UUID
    enrollment: Json
    contact: Json
    address: str
    at: datetime

    async def execution(self) -> Json:
        """As the API shows it."""
        detail = await self.world.detail(self.enrollment)
        return next(each for each in detail["executions"] if each["id"] == str(self.id))

    async def counters(self, *names: str) -> tuple[int, ...]:
        """Counters of the enrollment."""
        detail = await self.world.detail(self.enrollment)
        return tuple(detail[name] for name in names)

    async def events(self) -> list[tuple[str, Json]]:
        """What messages have told of, in its order: name and properties."""
        async with self.world.database.transaction(engine(self.world.tenant_id)) as session:
            rows = await session.scalars(
                select(Event)
                .where(Event.contact_id == UUID(self.contact["id"]))
                .where(Event.event_name.startswith("email_"))
                .order_by(Event.number)
            )
        return [(row.event_name, row.properties) for row in rows]

    async def engagements(self) -> Sequence[Engagement]:
        """Every open and click that was kept."""
        async with self.world.database.transaction(engine(self.world.tenant_id)) as session:
            rows = await session.scalars(
                select(Engagement)
                .where(Engagement.execution_id == self.id)
                .order_by(Engagement.created_at)
            )
            return rows.all()

    async def change(self, **values: Any) -> None:
        """Let the execution be otherwise."""
        async with self.world.database.transaction(engine(self.world.tenant_id)) as session:
            await session.execute(update(Execution).where(Execution.id == self.id).values(values))

    async def contact_now(self) -> Json:
        """The contact, as it is now."""
        found: Json = (await self.world.admin.get(f"/contacts/{self.contact['id']}"))["contact"]
        return found


async def create_sent(world: World, step: Json = EMAIL, contact: Json | None = None) -> Sent:
    """A message of a campaign that went out an hour ago; the enrollment goes on."""
    contact = contact or await world.create_contact()
    later = {"delay_value": 3, "delay_unit": "weeks"}
    campaign = await world.create_campaign({**step, **later}, {**step, **later})
    enrollment = await world.enroll(campaign, contact)
    (waiting,) = (await world.detail(enrollment))["executions"]
    address = contact["email"] if step["step_type"] == "send_email" else contact["phone"]
    at = datetime.now(UTC) - AN_HOUR_AGO
    sent = Sent(world, UUID(waiting["id"]), enrollment, contact, address, at)
    await sent.change(
        status="completed",
        started_at=at,
        completed_at=at,
        sent_at=at,
        content={"to": address},
        provider_id=uuid4().hex,
    )
    return sent


async def suppressed(world: World) -> set[tuple[str, str]]:
    """The company's suppressed addresses, and why."""
    found = (await world.staff.get("/suppressions"))["suppressions"]
    return {(each["address"], each["reason"]) for each in found}

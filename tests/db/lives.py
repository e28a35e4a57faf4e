"""Enrollments as they go, written as the engine, the webhooks and the events write them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from sqlalchemy import delete, insert, update

from db.session import Database
from db.tables import Attribution, Contact, Enrollment, Execution
from tests.db.companies import Company

_FROM = datetime(2026, 3, 7, tzinfo=UTC)
_MINUTES = 4 * 24 * 60
"""Clocks in the United States go forward on 8 March."""

_ENDS = ("completed", "exited", "failed", "paused", "active")
_OUTCOMES = ("completed", "completed", "completed", "completed", "failed", "skipped", "unknown")


class Life:
    """One contact in the campaign: a few visits and what becomes of them, each change committed by itself."""

    def __init__(self, database: Database, company: Company, number: int) -> None:
        self._database, self._company = database, company
        self._random = Random(number)
        self._is_compared = number % 2 == 0
        self._enrollment: UUID
        self._campaign: UUID = company.rows["campaigns"]["id"]

    async def run(self) -> None:
        await self._enroll()
        for visit in range(1, self._random.randint(2, 4)):
            await self._visit(visit)
        await self._wait(visit=5)
        if self._chance():
            reached = {"goal_achieved": True, "goal_achieved_at": self._moment()}
            await self._change(Enrollment, self._enrollment, **reached)
            await self._earn()
        await self._change(Enrollment, self._enrollment, status=self._random.choice(_ENDS))
        if self._chance():
            async with self._database.transaction(self._company.engine()) as session:
                waits = Execution.enrollment_id == self._enrollment, Execution.status == "pending"
                await session.execute(delete(Execution).where(*waits))

    def _moment(self) -> datetime:
        return _FROM + timedelta(minutes=self._random.randrange(_MINUTES))

    def _chance(self) -> bool:
        return self._random.random() < 0.5

    async def _enroll(self) -> None:
        async with self._database.transaction(self._company.engine()) as session:
            contact = Contact(tenant_id=self._company.id)
            session.add(contact)
            await session.flush()
            values = {
                "tenant_id": self._company.id,
                "campaign_id": self._campaign,
                "contact_id": contact.id,
                "enrollment_source": "api",
                "enrolled_at": self._moment(),
                "is_compared": self._is_compared,
            }
            added = insert(Enrollment).values(**values).returning(Enrollment.id)
            self._enrollment = (await session.scalars(added)).one()
            self._contact = contact.id
            # Somebody like this one is held out.
            values |= {"status": "exited", "exit_reason": "held_out", "is_holdout": True}
            await session.execute(insert(Enrollment).values(**values))

    async def _wait(self, visit: int) -> UUID:
        values = {
            "tenant_id": self._company.id,
            "campaign_id": self._campaign,
            "enrollment_id": self._enrollment,
            "step_id": self._company.rows["campaign_steps"]["id"],
            "step_type": self._random.choice(("send_email", "send_sms", "send_email", "wait")),
            "visit": visit,
            "scheduled_at": self._moment(),
        }
        async with self._database.transaction(self._company.engine()) as session:
            added = insert(Execution).values(**values).returning(Execution.id)
            return (await session.scalars(added)).one()

    async def _visit(self, visit: int) -> None:
        execution = await self._wait(visit)

        async def change(**values: object) -> None:
            await self._change(Execution, execution, **values)

        await change(status="running", variant=self._random.choice((None, "A", "B")))
        outcome = self._random.choice(_OUTCOMES)
        await change(status=outcome, completed_at=self._moment())
        if outcome == "unknown" and self._chance():
            await change(status="completed")
        happens = ["delivered_at", "bounced_at", "opened_at", "clicked_at", "replied_at"]
        self._random.shuffle(happens)
        for column in [*happens, "unsubscribed_at"]:
            if self._random.random() < 0.4:
                await change(**{column: self._moment()})
        if self._random.random() < 0.1:
            await change(opened_at=self._moment())

    async def _earn(self) -> None:
        async with self._database.transaction(self._company.engine()) as session:
            for amount in (Decimal("7499.65"), Decimal("0.35"), Decimal("-500.10")):
                values = {
                    "tenant_id": self._company.id,
                    "campaign_id": self._campaign,
                    "enrollment_id": self._enrollment,
                    "contact_id": self._contact,
                    "event_id": self._company.rows["events"]["id"],
                    "amount": amount,
                    "occurred_at": self._moment(),
                }
                await session.execute(insert(Attribution).values(**values))

    async def _change(
        self, table: type[Enrollment] | type[Execution], row_id: UUID, **values: object
    ) -> None:
        this = update(table).where(table.id == row_id).values(**values)
        async with self._database.transaction(self._company.engine()) as session:
            await session.execute(this.execution_options(synchronize_session=False))

"""What leaves the house goes out once: claim, send, record.

1. The claim is committed before anything is sent: the row is `running`, holds what will be sent, and is marked as
   attempting. The row is an execution, unique per visit of a step, or a message that a person wrote.
2. Then consent, pause and status are read once more. Whoever pauses commits first and waits for marks afterwards, so
   either this read sees the pause, or the pause waits for this attempt.
3. The provider answers. Refused for good: the send has failed, or is `unknown` where an attempt before it may have
   gone through. Not accepted: the mark goes, Temporal tries again.
   Nobody knows: a transport that may repeat itself does (Resend knows the key, a webhook's receiver knows the id);
   one that may not looks the message up for two minutes, after which it stays `unknown` and is never sent again.
4. The outcome is recorded together with what comes next.

A worker that dies in between leaves the mark. The next attempt finds it, and takes the message for ambiguous.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import structlog
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from db.caps import give_place_back
from db.sends import release_mark, wall_clock
from db.session import Database, Session, engine
from db.tables import SentRow, Tenant
from domain.caps import Hold
from domain.enums import ExecutionStatus, StepType
from domain.flow import Step
from providers.outcomes import AmbiguousError, PermanentError, TransientError
from services.contents import Content
from services.outcomes import Outcome, failed, unknown
from services.walk import Walk

_log = structlog.get_logger(__name__)

FIRST_TO_LAST_ATTEMPT = timedelta(hours=23)
"""Resend forgets an idempotency key after 24 hours: nothing ambiguous is repeated after this."""

SETTLE_FOR = timedelta(minutes=2)
SETTLE_EVERY = timedelta(seconds=5)

_RELEASE_ATTEMPTS = 15
"""One a second, well within the time of an attempt."""


Gate = Callable[[Session], Awaitable[bool]]
"""Reads whether a send is still allowed, at this moment."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right, and the duty, to make one attempt at what `content` says, if `gate` is still open.

    `id` is that of the row in `table`, and what the provider knows the message by. `ambiguous_since` is
    the wall-clock time of the first attempt of which nobody knows whether it arrived; `provider_id` is
    there once the provider has reported on the message. `closes_at` is when the window closes, on the
    workflow's clock, on which it is now `now`. `counted_on` is the day of the company towards whose cap it
    counts, if it counts.
    """

    table: type[SentRow]
    id: UUID
    tenant_id: UUID
    content: Content
    gate: Gate
    now: datetime
    closes_at: datetime | None = None
    ambiguous_since: datetime | None = None
    provider_id: str | None = None
    counted_on: date | None = None


async def uncount(session: Session, claim: Claim) -> None:
    """Give the claim's place in the company's day back, as it has sent nothing."""
    if claim.counted_on:
        await give_place_back(session, claim.counted_on, claim.id)


def sent_at(moment: datetime) -> str:
    """A time inside `result_data`, as the API writes times everywhere."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


class Transport(ABC):
    """One way out of the house."""

    step_type: StepType
    repeatable = True
    """Whether the receiver knows a repeat for one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @abstractmethod
    def check_configured(self, tenant: Tenant) -> None:
        """Raise Skip if nothing can go out this way for this tenant."""

    @abstractmethod
    def address(self, walk: Walk, step: Step, content: Content) -> Content:
        """The content with everything else that is sent, as it is kept for each attempt."""

    async def hold(self, walk: Walk) -> Hold | None:  # noqa: ARG002 — a port
        """What keeps a step that is due from going out now, asked in the transaction of the claim."""
        return None

    @abstractmethod
    async def send(self, claim: Claim) -> Outcome:
        """Make the attempt. Raises what `providers.outcomes` lists."""

    async def find(self, claim: Claim) -> Outcome | None:
        """Look for a message whose answer was lost, where it may not be repeated."""
        raise NotImplementedError(claim)

    def owes_an_answer(self, row: SentRow) -> bool:
        """Whether a message that may not be repeated is still to be accounted for."""
        return row.is_in_doubt and not self.repeatable

    def claim(
        self,
        row: SentRow,
        content: Content,
        gate: Gate,
        now: datetime,
        closes_at: datetime | None,
        counted_on: date | None = None,
    ) -> Claim | Outcome:
        """Mark the attempt, in the transaction that holds the row; or say that it is too late for one."""
        if row.attempting_since and not row.ambiguous_since:
            row.ambiguous_since = row.attempting_since
        if row.started_at and now - row.started_at > FIRST_TO_LAST_ATTEMPT:
            # What may not be repeated is looked up instead, however late.
            if row.ambiguous_since and self.repeatable:
                return unknown("no answer from the provider within 23 hours")
            row.started_at = None
        row.content = content
        row.status = ExecutionStatus.RUNNING
        row.started_at = row.started_at or now
        row.attempts += 1
        row.attempting_since = wall_clock()
        return Claim(
            table=type(row),
            id=row.id,
            tenant_id=row.tenant_id,
            content=content,
            gate=gate,
            now=now,
            closes_at=closes_at,
            ambiguous_since=row.ambiguous_since,
            provider_id=row.provider_id,
            counted_on=counted_on,
        )

    async def deliver(self, claim: Claim) -> Outcome | None:
        """Make the attempt, None if it may not be made after all.

        Raises:
            ApplicationError: try again later.
        """
        if claim.ambiguous_since and not self.repeatable:
            return await self._settle(claim, claim.ambiguous_since)
        if not await self._may_still_send(claim):
            await self._release(claim)
            return None
        try:
            return await self.send(claim)
        except PermanentError as error:
            # Refused now; but the attempt before it may have gone through.
            return unknown(str(error)) if claim.ambiguous_since else failed(str(error))
        except TransientError as error:
            await self._release(claim, error=str(error), ambiguous=error.ambiguous)
            raise _later(error, error.retry_after) from None
        except AmbiguousError as error:
            await self._release(claim, error=str(error), ambiguous=True)
            raise _later(error, SETTLE_EVERY) from None

    async def _may_still_send(self, claim: Claim) -> bool:
        try:
            async with self._database.transaction(engine(claim.tenant_id)) as session:
                return await claim.gate(session)
        except Exception:
            # Nothing has left yet. With the mark still on, the next attempt would think it had.
            await self._release(claim)
            raise

    async def _settle(self, claim: Claim, ambiguous_since: datetime) -> Outcome:
        """Find out what became of a message that must not be sent again."""
        try:
            found = await self.find(claim)
        except TransientError as error:
            found = None
            _log.warning("look-up failed", claim=str(claim.id), error=str(error))
        if found:
            return found
        await self._release(claim)
        if datetime.now(UTC) - ambiguous_since > SETTLE_FOR:
            return unknown("nobody can tell whether the provider took the message")
        raise _later(AmbiguousError("looking for a message whose answer was lost"), SETTLE_EVERY)

    async def _release(
        self, claim: Claim, *, error: str | None = None, ambiguous: bool = False
    ) -> None:
        """Take the mark off: this attempt is over, and a pause need not wait for it.

        A message that cannot have gone out gives back its place under the cap, too.

        It is worth some patience with a database that restarts: a mark that stays makes the message
        ambiguous.
        """
        for attempts_left in reversed(range(_RELEASE_ATTEMPTS)):
            try:
                async with self._database.transaction(engine(claim.tenant_id)) as session:
                    await release_mark(
                        session, claim.table, claim.id, error=error, ambiguous=ambiguous
                    )
                    await uncount(session, claim)
            except Exception:
                if not attempts_left:
                    raise
                await asyncio.sleep(1)
            else:
                return


def _later(error: Exception, after: timedelta | None) -> ApplicationError:
    """What makes Temporal try again: after that time, or by the policy."""
    return ApplicationError(
        str(error),
        type=type(error).__name__,
        next_retry_delay=after,
        category=ApplicationErrorCategory.BENIGN,
    )

"""Jobs over many: whom they are about, and going through them portion by portion.

| whom | |
| --- | --- |
| ids | noted with the job, each once, in the order given; who does not exist fails alone |
| a filter | a condition on the contact, asked once, in the job's first portion: who fits it later is not in the job |

A portion is one transaction, and few statements for all of it. What fails unexpectedly is found by halves, so that one
bad contact fails alone. The job is over when a portion finds nobody left: by then Temporal has been told of all those
before, and where somebody was paused or removed no message is on its way any more.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Final
from uuid import UUID

import structlog

from db.bulk import Item, add_items, items_after
from db.jobs import ItemError, set_total
from db.session import Session, become_engine, will_pass
from db.tables import Job
from domain.conditions import Condition, parse_conditions
from domain.errors import Invalid, Problem
from services.jobs import Portion, create_job

_log = structlog.get_logger(__name__)

MAX_IDS: Final = 10_000
"""In one request; a filter may find any number."""

_SCOPES: Final = frozenset({"contact", "custom", "project"})
"""What a filter may ask for. The project is the contact's newest."""

Refusals = Mapping[UUID, Problem]


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom a job is to be about: those with these ids, else those who fit the filter."""

    ids: Sequence[UUID] | None
    filter: Any = None


async def begin(
    session: Session, kind: str, campaign_id: UUID, whom: Whom, **more: str | None
) -> Job:
    """A job that starts once this is committed; `more` is what its kind wants to know.

    Raises:
        Invalid: the filter cannot be understood; each error names its place.
    """
    said = {"campaign_id": str(campaign_id), **more}
    if whom.ids is None:
        parse_filter(whom.filter)
        return await create_job(session, kind, {**said, "filter": whom.filter})
    job = await create_job(session, kind, said)
    ids = list(dict.fromkeys(whom.ids))
    # People may ask for a job, and neither read nor change whom it goes through.
    await become_engine(session)
    await add_items(session, job.id, ids)
    await set_total(session, job, len(ids))
    return job


def parse_filter(raw: object) -> Condition:
    """A condition on the contact, its custom fields and its newest project.

    Raises:
        Invalid: it cannot be understood; each error names its place below `filter`.
    """
    try:
        return parse_conditions(raw, _SCOPES)
    except Invalid as error:
        raise error.under("filter") from error


class Bulk(ABC):
    """A kind of job over many. Its position is the number of the last who had a turn."""

    portion_size: ClassVar[int]

    async def portion(self, session: Session, job: Job) -> Portion:
        """Collect whom the job is about, or do what it is for to the next of them."""
        if not job.total:
            condition = parse_filter(job.input["filter"])
            total = await self.collect(session, job, condition, datetime.now(UTC))
            await set_total(session, job, total)
            return Portion(0, 0, last=not total)
        items, refused = await self.next_turn(session, job, job.position)
        if not items:
            return await self.follow_up(session, job)
        errors = errors_of(items, refused, lambda item: str(item.id))
        return Portion(items[-1].number, len(items) - len(errors), errors)

    async def next_turn(
        self, session: Session, job: Job, after: int
    ) -> tuple[Sequence[Item], Refusals]:
        """Do it to the next of those whose number is higher, and say who they were and why it failed with whom."""
        items = await items_after(session, job.id, after, self.portion_size)
        ids = [item.id for item in items]
        return items, await self._by_halves(session, job, ids, datetime.now(UTC)) if ids else {}

    @abstractmethod
    async def collect(self, session: Session, job: Job, condition: Condition, now: datetime) -> int:
        """Note all who fit, and say how many they are."""

    @abstractmethod
    async def do(self, session: Session, job: Job, ids: Sequence[UUID], now: datetime) -> Refusals:
        """Do what the job is for to these, and say why it could not be done to which."""

    async def follow_up(self, session: Session, job: Job) -> Portion:  # noqa: ARG002 — for others
        """What is left to do when all have had their turn: nothing."""
        return Portion(job.position, 0, last=True)

    async def _by_halves(
        self, session: Session, job: Job, ids: Sequence[UUID], now: datetime
    ) -> Refusals:
        outbox = list(session.outbox)
        try:
            async with session.begin_nested():
                return await self.do(session, job, ids, now)
        except Exception as error:
            if will_pass(error):
                raise
            session.outbox[:] = outbox
            if len(ids) == 1:
                return {ids[0]: _refusal(error, job, ids[0])}
        middle = len(ids) // 2
        return {
            **await self._by_halves(session, job, ids[:middle], now),
            **await self._by_halves(session, job, ids[middle:], now),
        }


def errors_of(
    items: Sequence[Item], refused: Refusals, name: Callable[[Item], str]
) -> list[ItemError]:
    """What the job tells of those with whom it failed; `name` says what it calls them."""
    return [
        ItemError(item.number, name(item), refusal.code, refusal.detail)
        for item in items
        if (refusal := refused.get(item.id))
    ]


def campaign_of(job: Job) -> UUID:
    """The campaign that a job over many is about."""
    return UUID(job.input["campaign_id"])


def _refusal(error: Exception, job: Job, item: UUID) -> Problem:
    if isinstance(error, Problem):
        return error
    _log.error("one of many failed", exc_info=error, job=str(job.id), item=str(item))
    return Problem(f"{type(error).__name__}, see the worker's log")

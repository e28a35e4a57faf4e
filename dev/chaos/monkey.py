"""What breaks, and when.

The faults are dealt like cards from a shuffled deck, so that a short run meets many kinds too.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from dev.chaos.client import Client
from dev.chaos.installation import Installation
from dev.sandbox.faults import Mode

PROGRAMS = ("worker", "worker", "api", "postgres", "temporal")
"""The worker is in the middle of most things, so it dies most often."""

SANDBOX = "sandbox"
"""Its death cuts all connections to the providers; what it has accepted it still knows afterwards."""

BAD_DAYS = (
    Mode.OK,
    Mode.REFUSE_429,
    Mode.ERROR_500,
    Mode.ACCEPT_THEN_500,
    Mode.ACCEPT_THEN_HANG,
    Mode.HANG,
    Mode.RESET,
)
"""Of the providers; a `bad_request` is no fault of theirs. What is merely `ok` is late."""

BAD_DAYS_IN_DECK = 3
LONGEST_DELAY = 3.0
GAP_SECONDS = (2.0, 8.0)
LENGTH_SECONDS = (1.0, 6.0)


@dataclass(frozen=True, slots=True)
class Kill:
    """A program dies."""

    program: str

    def __str__(self) -> str:
        return f"kill -9 {self.program}"


@dataclass(frozen=True, slots=True)
class Cut:
    """A provider has a bad day for some seconds."""

    provider: str
    mode: Mode
    delay_ms: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.provider} {self.mode}, {self.delay_ms} ms late, for {self.seconds:.1f} s"


@dataclass(frozen=True, slots=True)
class Strike:
    """A fault at its moment, in seconds from the start."""

    at: float
    fault: Kill | Cut


def plan(random: Random, seconds: float) -> list[Strike]:
    """The faults of so many seconds."""
    strikes, deck, at = [], _deck(random), random.uniform(1, 3)
    while at < seconds:
        strikes.append(Strike(at, next(deck)))
        at += random.uniform(*GAP_SECONDS)
    return strikes


def _deck(random: Random) -> Iterator[Kill | Cut]:
    while True:
        cards = [*PROGRAMS, SANDBOX, *[None] * BAD_DAYS_IN_DECK]
        random.shuffle(cards)
        yield from (Kill(card) if card else _cut(random) for card in cards)


def _cut(random: Random) -> Cut:
    return Cut(
        provider=random.choice(("resend", "twilio")),
        mode=random.choice(BAD_DAYS),
        delay_ms=int(random.uniform(0, LONGEST_DELAY) * 1000),
        seconds=random.uniform(*LENGTH_SECONDS),
    )


class Monkey:
    """Carries out a plan of faults, and counts what it did: `kills` by program, and `cuts`."""

    def __init__(
        self, installation: Installation, client: Client, say: Callable[[str], None]
    ) -> None:
        self._installation = installation
        self._client = client
        self._say = say
        self.kills: Counter[str] = Counter()
        self.cuts: Counter[str] = Counter()

    async def run(self, strikes: Sequence[Strike]) -> None:
        """Strike at each moment from now on, and leave the providers in good health."""
        began = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as healing:
            for strike in strikes:
                await asyncio.sleep(began + strike.at - asyncio.get_running_loop().time())
                done = ""
                match strike.fault:
                    case Kill(program) if not self._installation.kill(program):
                        done = ", which is dead already"
                    case Kill(program):
                        (self.cuts if program == SANDBOX else self.kills)[program] += 1
                    case Cut():
                        self.cuts[strike.fault.provider] += 1
                        healing.create_task(self._cut(strike.fault))
                self._say(f"{strike.at:7.1f} s  {strike.fault}{done}")

    async def _cut(self, cut: Cut) -> None:
        await self._set(cut.provider, mode=cut.mode, delay_ms=cut.delay_ms)
        await asyncio.sleep(cut.seconds)
        await self._set(cut.provider, mode=Mode.OK)

    async def _set(self, provider: str, **fault: str | int) -> None:
        await self._client.at_sandbox("PUT", "/control", {provider: fault})

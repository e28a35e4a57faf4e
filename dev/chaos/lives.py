"""The people who are enrolled, and what is done to them on the way.

All that is random about a life is drawn before it begins.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from random import Random
from uuid import UUID

from dev.chaos.client import Answer, Client, Json
from dev.chaos.mix import INSPECTED, STORM, Line
from dev.chaos.monkey import LONGEST_DELAY

COMPANY_NUMBER = "+13035550100"
"""What the demo company texts from."""

ON_THE_WIRE = timedelta(seconds=LONGEST_DELAY + 1)
"""How late the providers accept what left before somebody said stop."""

STAGES = (STORM, "lead")
SPENT_ENROLLING = 0.6
"""The share of the time in which lives begin."""

HALTED_ENROLLING = 0.35
"""The same where the campaign is paused later on."""

FOREVER = datetime.max.replace(tzinfo=UTC)


class Deed(StrEnum):
    """What somebody does about an enrollment."""

    NOTHING = "nothing"
    PAUSE = "pause"
    EXIT = "exit"
    STOP = "stop"


WEIGHTS = {Deed.NOTHING: 11, Deed.PAUSE: 3, Deed.EXIT: 3, Deed.STOP: 3}


@dataclass(frozen=True, slots=True)
class Silence:
    """No message arrives between these moments. `why` is for people."""

    begins: datetime
    ends: datetime
    why: str


@dataclass(slots=True, kw_only=True)
class Life:
    """One contact in one campaign: what is planned, all in seconds, and then what came of it.

    `deed_after` the enrollment a deed is done, a pause lasts for `deed_lasts`. `told_after` is when what
    the `wait` step waits for happens.
    """

    number: int
    line: Line
    stage: str
    begins_at: float
    deed: Deed
    deed_after: float
    deed_lasts: float
    told_after: float

    enrollment_id: UUID | None = None
    silences: list[Silence] = field(default_factory=list)
    removed: bool = False
    stopped_at: datetime | None = None
    troubles: list[str] = field(default_factory=list)

    @property
    def email(self) -> str:
        """The contact's, which nobody else has."""
        return f"home{self.number}@chaos.example"

    @property
    def phone(self) -> str:
        """The contact's, which nobody else has."""
        return f"+1303{2_000_000 + self.number}"

    def address(self, step_type: str) -> str:
        """Where a message of this kind arrives."""
        return self.phone if step_type == "send_sms" else self.email

    def __str__(self) -> str:
        return f"{self.line.name} {self.email} ({self.deed})"


def plan(random: Random, lines: list[Line], count: int, seconds: float, delay: float) -> list[Life]:
    """So many lives within so many seconds, in campaigns with delays of `delay` seconds."""
    span = max(1.5 * delay, 3)
    lives = []
    for number in range(count):
        line = lines[number % len(lines)]
        deed = random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        share = HALTED_ENROLLING if line.halted else SPENT_ENROLLING
        lives.append(
            Life(
                number=number,
                line=line,
                stage=random.choice(STAGES),
                begins_at=random.uniform(0, share * seconds),
                deed=Deed.NOTHING if deed is Deed.STOP and not line.texts else deed,
                deed_after=random.uniform(0, span),
                deed_lasts=random.uniform(span / 20, span / 3),
                told_after=random.uniform(0, span),
            )
        )
    return lives


def noon_zone() -> str:
    """A zone in which it is now between noon and one, so that texts may go out at any hour of the day."""
    return f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"


class Living:
    """Lets lives happen, by `client`, in campaigns that are known by the name of their line."""

    def __init__(self, client: Client, campaign_ids: dict[str, str]) -> None:
        self._client = client
        self._campaign_ids = campaign_ids
        self._zone = noon_zone()

    async def live(self, life: Life) -> None:
        """Come into the world, be enrolled, and have done what is planned."""
        await asyncio.sleep(life.begins_at)
        contact = {
            "first_name": "Ann",
            "last_name": "Lee",
            "email": life.email,
            "phone": life.phone,
            "sms_consent": True,
            "stage": life.stage,
            "timezone": self._zone,
        }
        made = await self._client.ask("POST", "/contacts", contact)
        if not _did(life, made, "create the contact"):
            return
        contact_id = made.body["contact"]["id"]
        if await self._enroll(life, contact_id):
            async with asyncio.TaskGroup() as both:
                both.create_task(self._tell(life, contact_id))
                both.create_task(self._do(life))

    async def _enroll(self, life: Life, contact_id: str) -> bool:
        path = f"/campaigns/{self._campaign_ids[life.line.name]}/enrollments"
        while True:
            answer = await self._client.ask("POST", path, {"contact_id": contact_id})
            if answer.code != "campaign_not_active":
                break
            await asyncio.sleep(1)
        if not _did(life, answer, "enroll"):
            return False
        life.enrollment_id = UUID(answer.body["enrollment"]["id"])
        return True

    async def _tell(self, life: Life, contact_id: str) -> None:
        await asyncio.sleep(life.told_after)
        event = {"event_name": INSPECTED, "contact_id": contact_id, "event_id": life.email}
        _did(life, await self._client.ask("POST", "/events", event), "send the event")

    async def _do(self, life: Life) -> None:
        await asyncio.sleep(life.deed_after)
        match life.deed:
            case Deed.PAUSE:
                if paused := await self._ask(life, "pause"):
                    began = _silent_from(paused)
                    await asyncio.sleep(life.deed_lasts)
                    life.silences.append(Silence(began, now(), "it was paused"))
                    await self._ask(life, "resume")
            case Deed.EXIT:
                if removed := await self._ask(life, "exit"):
                    life.removed = True
                    life.silences.append(Silence(_silent_from(removed), FOREVER, "it was removed"))
            case Deed.STOP:
                text: Json = {"from": life.phone, "to": COMPANY_NUMBER, "body": "STOP"}
                await self._client.at_sandbox("POST", "/texts", text)
                life.stopped_at = now()
                silence = Silence(
                    life.stopped_at + ON_THE_WIRE, FOREVER, "the contact had said STOP"
                )
                life.silences.append(silence)

    async def _ask(self, life: Life, action: str) -> Answer | None:
        """Ask the API for it; None where the enrollment was over before."""
        campaign_id = self._campaign_ids[life.line.name]
        path = f"/campaigns/{campaign_id}/enrollments/{life.enrollment_id}/{action}"
        answer = await self._client.ask("POST", path)
        if answer.code == "enrollment_over":
            return None
        return answer if _did(life, answer, action) else None


def _did(life: Life, answer: Answer, what: str) -> bool:
    if not answer.ok:
        life.troubles.append(f"could not {what}: {answer.status} {answer.body}")
    return answer.ok


def _silent_from(answer: Answer) -> datetime:
    """Whose call was repeated did not wait for what was on its way when it was first done."""
    return now() + (ON_THE_WIRE if answer.replayed else timedelta(0))


def now() -> datetime:
    """The time of this machine, which is that of all its programs, in UTC."""
    return datetime.now(UTC)

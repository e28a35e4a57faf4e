"""A worker that is killed while first steps of every kind stand at every stage."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from uuid import UUID

from tests.faults.locks import HOLD_CONTACTS, HOLD_ENROLLMENT, HOLD_EXECUTION, Hold
from tests.faults.relay import Relay, relay_to
from tests.faults.stack import Stack
from tests.world import EMAIL, TEXT, Json, World, eventually, noon_zone

TASK = {"step_type": "create_task", "step_config": {"title": "Call", "task_type": "call"}}
NOTIFY = {
    "step_type": "notify",
    "step_config": {"role": "admin", "title": "Look", "message": "Somebody is here"},
}
FOLLOW_UP = {"step_type": "create_task", "step_config": {"title": "Next", "task_type": "call"}}


class Stage(StrEnum):
    """How far a step had come when its worker was killed."""

    BEFORE_CLAIM = "before_the_claim_was_committed"
    BEFORE_SENT = "before_the_request_left"
    BEFORE_ACCEPTED = "before_the_provider_accepted"
    BEFORE_ANSWER = "before_the_answer_arrived"
    BEFORE_RECORDED = "before_the_outcome_was_recorded"
    BEFORE_REPORTED = "before_temporal_heard_of_it"


NOT_ACCEPTED = (Stage.BEFORE_SENT, Stage.BEFORE_ACCEPTED)
"""The stages at which a claim stood, and the provider had nothing."""

OWN_STAGES = (Stage.BEFORE_CLAIM, Stage.BEFORE_REPORTED)
"""The stages of a step that calls nobody."""


@dataclass(frozen=True, slots=True)
class Victim:
    """An enrollment whose first step was cut short. `to` is whom it reaches."""

    enrollment: Json
    contact: Json
    hold: Hold
    to: str


@dataclass
class Crash:
    """Everybody concerned, by the kind of the first step and by its stage."""

    stack: Stack
    world: World
    victims: dict[tuple[str, Stage], Victim] = field(default_factory=dict)
    sleeper: Json = field(default_factory=dict)
    sleepers_contact: Json = field(default_factory=dict)

    async def finished(self, kind: str, stage: Stage) -> Json:
        """The enrollment when it is over: Temporal needs its time to miss a worker."""
        enrollment = self.victims[kind, stage].enrollment
        return await self.world.until(enrollment, lambda now: now["status"] != "active")

    async def messages(self, kind: str, stage: Stage) -> list[Json]:
        """What the provider got."""
        return await self.world.messages(self.victims[kind, stage].to)

    async def tasks(self, kind: str, stage: Stage) -> list[str]:
        """The titles of the contact's tasks."""
        contact = self.victims[kind, stage].contact
        answer = await self.world.admin.get("/tasks", contact_id=contact["id"])
        return sorted(task["title"] for task in answer["tasks"])

    def at(self, stage: Stage) -> list[Victim]:
        """Everybody at that stage."""
        return [victim for (_, at), victim in self.victims.items() if at is stage]


@asynccontextmanager
async def crashed(stack: Stack) -> AsyncIterator[Crash]:
    """Enroll, let a worker come to every stage, kill it, and let another one take over."""
    crash = Crash(stack, await stack.create_world())
    sandbox = str(stack.sandbox.base_url)
    async with (
        relay_to(sandbox) as sound,
        relay_to(sandbox) as deaf,
        relay_to(sandbox) as mute,
    ):
        deaf.up.clear()
        mute.down.clear()
        receivers = dict.fromkeys(Stage, sound) | {
            Stage.BEFORE_ACCEPTED: deaf,
            Stage.BEFORE_ANSWER: mute,
        }
        await _enroll_everybody(crash, receivers)
        # What happens to contacts holds their enrollments for a moment: not while we hold some of them.
        await stack.rows(
            "update events set processed_at = now() where processed_at is null returning id"
        )
        async with stack.worker() as worker:
            held = await _bring_to_their_stages(crash, deaf)
            worker.kill()
        for hold in held:
            await hold.release()
        for relay in (deaf, mute, stack.to_temporal):
            await relay.cut()
            relay.flow()
        for stage in NOT_ACCEPTED:
            await stack.let_two_minutes_pass(crash.victims["text", stage].enrollment)
        async with stack.worker():
            yield crash


async def _enroll_everybody(crash: Crash, receivers: dict[Stage, Relay]) -> None:
    """Each with its row held, before there is a worker."""
    world = crash.world
    campaigns = {
        "email": await world.create_campaign(EMAIL, FOLLOW_UP),
        "text": await world.create_campaign(TEXT, FOLLOW_UP),
        "task": await world.create_campaign(TASK, FOLLOW_UP),
        "notification": await world.create_campaign(NOTIFY, FOLLOW_UP),
    }
    for stage in Stage:
        for kind in campaigns if stage in OWN_STAGES else ("email", "text"):
            contact = await world.create_contact(timezone=noon_zone())
            to = contact["email"] if kind == "email" else contact["phone"]
            crash.victims[kind, stage] = await _enroll(crash, campaigns[kind], contact, to)
        url = f"http://{receivers[stage].address}/hook/{stage}"
        step = {"step_type": "webhook", "step_config": {"url": url, "method": "POST"}}
        campaign = await world.create_campaign(step, FOLLOW_UP)
        contact = await world.create_contact()
        crash.victims["webhook", stage] = await _enroll(crash, campaign, contact, stage)
    campaign = await world.create_campaign({**EMAIL, "delay_value": 3, "delay_unit": "days"})
    crash.sleepers_contact = await world.create_contact()
    crash.sleeper = await world.enroll(campaign, crash.sleepers_contact)


async def _enroll(crash: Crash, campaign: Json, contact: Json, to: str) -> Victim:
    enrollment = await crash.world.enroll(campaign, contact)
    hold = Hold(crash.stack.database_url)
    await hold.take(HOLD_ENROLLMENT, UUID(enrollment["id"]))
    return Victim(enrollment, contact, hold, to)


async def _bring_to_their_stages(crash: Crash, deaf: Relay) -> list[Hold]:
    """Everybody stands at its row; who is let go comes as far as its stage lets it.

    Returns the rows that are still held.
    """
    stack = crash.stack
    for victim in crash.victims.values():
        await victim.hold.awaited()

    recorded = [await _hold_behind(stack, victim) for victim in crash.at(Stage.BEFORE_RECORDED)]

    stack.to_temporal.stall()
    for victim in crash.at(Stage.BEFORE_REPORTED):
        await victim.hold.release()
        await stack.until_row(victim.enrollment, step="completed")

    await _set_faults(stack, "hang")
    await _let_go(crash, Stage.BEFORE_ACCEPTED)
    await deaf.connected()
    await eventually(partial(_faults_are_taken, stack))

    await _set_faults(stack, "accept_then_hang")
    await _let_go(crash, Stage.BEFORE_ANSWER)
    for victim in crash.at(Stage.BEFORE_ANSWER):
        await eventually(partial(_has_arrived, crash, victim.to))

    contacts = await _hold_last_look(crash)
    claims = [victim.hold for victim in crash.at(Stage.BEFORE_CLAIM)]
    return [*recorded, *claims, contacts]


async def _hold_behind(stack: Stack, victim: Victim) -> Hold:
    """Stand second in the queue for the row: the claim comes before us, the outcome behind us."""
    hold = Hold(stack.database_url)
    await hold.queue(HOLD_ENROLLMENT, UUID(victim.enrollment["id"]))
    await victim.hold.release()
    await hold.granted()
    await hold.awaited()
    return hold


async def _hold_last_look(crash: Crash) -> Hold:
    """Ask for a table that is read once more between claim and request.

    The claims have read it, and are held where they write; then we ask, behind them; then they may
    commit, and their last look stands behind us.
    """
    writes = []
    for victim in crash.at(Stage.BEFORE_SENT):
        hold = Hold(crash.stack.database_url)
        await hold.take(HOLD_EXECUTION, UUID(victim.enrollment["id"]))
        writes.append(hold)
    await _let_go(crash, Stage.BEFORE_SENT)
    for hold in writes:
        await hold.awaited()
    contacts = Hold(crash.stack.database_url)
    await contacts.queue(HOLD_CONTACTS)
    for hold in writes:
        await hold.release()
    for victim in crash.at(Stage.BEFORE_SENT):
        await crash.stack.until_row(victim.enrollment, step="running")
    await contacts.awaited(len(crash.at(Stage.BEFORE_SENT)))
    return contacts


async def _let_go(crash: Crash, stage: Stage) -> None:
    for victim in crash.at(stage):
        await victim.hold.release()


async def _set_faults(stack: Stack, mode: str) -> None:
    fault = {"mode": mode, "count": 1}
    await stack.sandbox.put("/control", json={"resend": fault, "twilio": fault})


async def _faults_are_taken(stack: Stack) -> bool:
    control = (await stack.sandbox.get("/control")).json()
    return all(control[provider]["count"] == 0 for provider in ("resend", "twilio"))


async def _has_arrived(crash: Crash, to: str) -> bool:
    return bool(await crash.world.messages(to))

"""The two activities of a message that no campaign sends: send it, or give it up."""

from collections.abc import Sequence
from datetime import datetime

from temporalio import activity

from activities.delivery import Claim, Transport
from activities.heartbeat import see_through
from db.messages import hold_message
from db.session import Database, Session, engine
from db.tables import AccountMail, Message, TestMessage
from domain.enums import Channel, ExecutionStatus
from domain.messages import Skip
from domain.plans import MessageEnd, MessageRef
from services import account_mail, conversations, test_messages
from services.consent import SENDS
from services.conversations import Leave, Written
from services.outcomes import Outcome, skipped, unknown


class MessageActivities:
    """Sends what people write, what they try out, and what is about accounts: once, see `activities.delivery`."""

    def __init__(self, database: Database, transports: Sequence[Transport]) -> None:
        by_step = {transport.step_type: transport for transport in transports}
        self._database = database
        self._transports = {channel: by_step[step] for channel, step in SENDS.items()}

    @activity.defn
    async def send_message(self, ref: MessageRef) -> ExecutionStatus:
        """Send it, if it still may go. Answers what became of it."""
        return await see_through(self._send(ref))

    @activity.defn
    async def give_up_message(self, end: MessageEnd) -> ExecutionStatus:
        """Record that the time for it is over, or that somebody has stopped it."""
        return await see_through(self._give_up(end))

    async def _send(self, ref: MessageRef) -> ExecutionStatus:
        now = activity.info().started_time
        while True:
            async with self._database.transaction(engine(ref.tenant_id)) as session:
                message = await hold_message(session, _table(ref), ref.message_id)
                decided = (
                    None
                    if conversations.is_over(message)
                    else await self._decide(session, message, now)
                )
                if isinstance(decided, Outcome):
                    conversations.record(message, decided, now)
            if not isinstance(decided, tuple):
                return ExecutionStatus(message.status)
            transport, claim = decided
            # None: a gate has closed since; which one, the next round says.
            if outcome := await transport.deliver(claim):
                return await self._record(ref, outcome, now)

    async def _decide(
        self, session: Session, message: Written, now: datetime
    ) -> Outcome | tuple[Transport, Claim]:
        """Everything up to the send, in the transaction that holds the message."""
        transport = self._transports[Channel(message.channel)]
        closes_at = None
        if not transport.owes_an_answer(message):
            try:
                leave = await _check_still_may_go(session, message, now)
                transport.check_configured(leave.tenant)
            except Skip as skip:
                return unknown(str(skip)) if message.is_in_doubt else skipped(skip.code, str(skip))
            closes_at = leave.closes_at

        async def may_still_go(later: Session) -> bool:
            try:
                await _check_still_may_go(later, message, now)
            except Skip:
                return False
            return True

        claim = transport.claim(message, message.content or {}, may_still_go, now, closes_at)
        return claim if isinstance(claim, Outcome) else (transport, claim)

    async def _record(self, ref: MessageRef, outcome: Outcome, now: datetime) -> ExecutionStatus:
        """Note the outcome; also of one that was given up as `unknown` and was sent after all."""
        async with self._database.transaction(engine(ref.tenant_id)) as session:
            message = await hold_message(session, _table(ref), ref.message_id)
            late = message.status == ExecutionStatus.UNKNOWN and outcome.provider_id
            if late or not conversations.is_over(message):
                conversations.record(message, outcome, now)
            return ExecutionStatus(message.status)

    async def _give_up(self, end: MessageEnd) -> ExecutionStatus:
        async with self._database.transaction(engine(end.ref.tenant_id)) as session:
            message = await hold_message(session, _table(end.ref), end.ref.message_id)
            conversations.give_up(message, end.error, activity.info().started_time)
            return ExecutionStatus(message.status)


def _table(ref: MessageRef) -> type[Message] | type[TestMessage] | type[AccountMail]:
    if ref.is_about_account:
        return AccountMail
    return TestMessage if ref.is_test else Message


async def _check_still_may_go(session: Session, message: Written, now: datetime) -> Leave:
    match message:
        case Message():
            return await conversations.check_still_may_go(session, message, now)
        case TestMessage():
            return await test_messages.check_still_may_go(session, message)
        case AccountMail():
            return await account_mail.check_still_may_go(session, message, now)

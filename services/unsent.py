"""Making good what a crash left undone of messages that people wrote by hand, or that are about their accounts.

| found | done |
| --- | --- |
| a committed message without a workflow, or whose workflow Temporal has lost | one is started |
| one whose workflow was terminated by hand, or failed | it has failed, or is `unknown` |
"""

from datetime import UTC, datetime, timedelta

from temporalio.client import WorkflowExecutionStatus

from db.messages import Unsent, hold_message, unsent_messages
from db.session import Database, engine
from db.tables import AccountMail, Message
from domain.plans import StartMessage
from services import account_mail, conversations
from services.conversations import give_up
from services.isolation import one_failure_is_one
from services.temporal import Dispatcher, message_workflow_id

_SAMPLE = 200
"""Among them are those that wait for a provider to come back: each round asks for some."""


async def settle_messages(
    database: Database, dispatcher: Dispatcher, grace: timedelta, overdue: timedelta
) -> int:
    """Start what has had no workflow for the time of `grace`, end what is `overdue`; how many there were."""
    found: list[Unsent] = []
    async with database.gateway() as gateway:
        for table in (Message, AccountMail):
            found += await unsent_messages(
                gateway, table, _SAMPLE, unstarted_after=grace, running_after=overdue
            )
    settled = 0
    for unsent in found:
        with one_failure_is_one(message=unsent.ref.message_id):
            settled += await _settle(database, dispatcher, unsent)
    return settled


async def _settle(database: Database, dispatcher: Dispatcher, unsent: Unsent) -> bool:
    """False where its workflow runs, or has ended it since."""
    ref, status = unsent.ref, None
    if not unsent.unstarted:
        status = await dispatcher.status(message_workflow_id(ref.message_id))
        if status is WorkflowExecutionStatus.RUNNING:
            return False
    async with database.transaction(engine(ref.tenant_id)) as session:
        message: Message | AccountMail
        if ref.is_about_account:
            message = await hold_message(session, AccountMail, ref.message_id)
        else:
            message = await hold_message(session, Message, ref.message_id)
        if message.workflow_status == "closed":
            return False
        if status is None:
            message.workflow_status = "unstarted"
            session.outbox.append(_start_of(message))
        else:
            give_up(message, "its workflow was ended before it was sent", datetime.now(UTC))
    await dispatcher.deliver(ref.tenant_id, session.outbox, patience=None)
    return True


def _start_of(message: Message | AccountMail) -> StartMessage:
    if isinstance(message, AccountMail):
        return account_mail.start_of(message)
    return conversations.start_of(message)

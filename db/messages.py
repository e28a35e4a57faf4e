"""Statements about messages that no campaign sends, whoever wrote them: their sending and their workflows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.lists import among
from db.session import Session
from db.tables import AccountMail, Message, SentRow
from domain.plans import MessageRef

Written = TypeVar("Written", bound=SentRow)


async def hold_message(session: Session, table: type[Written], message_id: UUID) -> Written:
    """A message, locked, so that one hand sends it at a time.

    Raises:
        LookupError: there is no such message in the tenant.
    """
    message = await session.scalar(
        select(table).where(table.id == message_id).with_for_update(key_share=True)
    )
    if message is None:
        raise LookupError(f"message {message_id} has no row")
    return message


async def mark_messages_started(session: Session, refs: Sequence[MessageRef]) -> None:
    """Note that these have a workflow."""
    for table in (Message, AccountMail):
        about_account = table is AccountMail
        ids = [ref.message_id for ref in refs if ref.is_about_account is about_account]
        if ids:
            await session.execute(
                update(table)
                .where(among(table.id, ids), table.workflow_status == "unstarted")
                .values(workflow_status="running")
                .execution_options(synchronize_session=False)
            )


@dataclass(frozen=True, slots=True)
class Unsent:
    """A message that counts on a workflow; `unstarted`: one that has none yet."""

    ref: MessageRef
    unstarted: bool


async def unsent_messages(
    gateway: AsyncSession,
    table: type[Message] | type[AccountMail],
    limit: int,
    *,
    unstarted_after: timedelta,
    running_after: timedelta,
) -> list[Unsent]:
    """Some of the messages that were written so long ago and are still not accounted for."""
    unstarted = table.workflow_status == "unstarted"
    running = table.workflow_status == "running"
    rows = await gateway.execute(
        select(table.tenant_id, table.id, unstarted)
        .where(
            unstarted & (table.created_at < func.now() - unstarted_after)
            | running & (table.created_at < func.now() - running_after)
        )
        .order_by(func.random())
        .limit(limit)
    )
    return [
        Unsent(
            MessageRef(tenant_id, message_id, is_about_account=table is AccountMail), is_unstarted
        )
        for tenant_id, message_id, is_unstarted in rows
    ]

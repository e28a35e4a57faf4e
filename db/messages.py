"""Statements about messages that no campaign sends: those of people, and of test runs; their sending and workflows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.lists import among
from db.session import Session
from db.tables import Message, SentRow
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


async def mark_messages_started(session: Session, message_ids: Sequence[UUID]) -> None:
    """Note that these have a workflow."""
    if message_ids:
        await session.execute(
            update(Message)
            .where(among(Message.id, message_ids), Message.workflow_status == "unstarted")
            .values(workflow_status="running")
            .execution_options(synchronize_session=False)
        )


@dataclass(frozen=True, slots=True)
class Unsent:
    """A message that counts on a workflow; `unstarted`: one that has none yet."""

    ref: MessageRef
    unstarted: bool


async def unsent_messages(
    gateway: AsyncSession, limit: int, *, unstarted_after: timedelta, running_after: timedelta
) -> list[Unsent]:
    """Some of the messages that were written so long ago and are still not accounted for."""
    unstarted = Message.workflow_status == "unstarted"
    running = Message.workflow_status == "running"
    rows = await gateway.execute(
        select(Message.tenant_id, Message.id, unstarted)
        .where(
            unstarted & (Message.created_at < func.now() - unstarted_after)
            | running & (Message.created_at < func.now() - running_after)
        )
        .order_by(func.random())
        .limit(limit)
    )
    return [
        Unsent(MessageRef(tenant_id, message_id), is_unstarted)
        for tenant_id, message_id, is_unstarted in rows
    ]

"""What every table class shares."""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import DateTime, FetchedValue, Numeric, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Json = dict[str, Any]


class Base(DeclarativeBase):
    """Maps annotations to PostgreSQL's types: JSONB, text[], timestamptz, numeric(12, 2)."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        Json: JSONB,
        list[str]: ARRAY(Text),
        datetime: DateTime(timezone=True),
        Decimal: Numeric(12, 2),
        UUID: Uuid,
    }


def generated(**options: Any) -> Mapped[Any]:  # noqa: ANN401 — the annotation beside the call says the type
    """A column whose value the database supplies unless it is given."""
    return mapped_column(server_default=FetchedValue(), **options)


class TenantRow(Base):
    """A row that belongs to one tenant."""

    __abstract__ = True

    id: Mapped[UUID] = generated(primary_key=True)
    tenant_id: Mapped[UUID]
    created_at: Mapped[datetime] = generated()


class SentRow(TenantRow):
    """What is claimed, then sent, then recorded, once: see activities/delivery.py.

    `content` is what is sent, kept before the first attempt. `attempting_since` is the mark of an attempt,
    `ambiguous_since` the first attempt of which nobody knows whether it arrived.
    """

    __abstract__ = True

    status: Mapped[str] = generated()
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]
    error_message: Mapped[str | None]
    content: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    attempts: Mapped[int] = generated()
    attempting_since: Mapped[datetime | None]
    ambiguous_since: Mapped[datetime | None]
    provider_id: Mapped[str | None]

    @property
    def is_untried(self) -> bool:
        """Whether no worker has come to it: all its time went by in a queue."""
        return not self.attempts and self.error_message is None

    @property
    def is_in_doubt(self) -> bool:
        """Whether an attempt was made of which nobody has said how it ended."""
        return (self.ambiguous_since or self.attempting_since) is not None


class EditableRow(TenantRow):
    """A tenant's row that people edit."""

    __abstract__ = True

    updated_at: Mapped[datetime] = generated()

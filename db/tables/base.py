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


class EditableRow(TenantRow):
    """A tenant's row that people edit."""

    __abstract__ = True

    updated_at: Mapped[datetime] = generated()

"""Long work with progress."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base, EditableRow, Json, generated


class Job(EditableRow):
    """Long work. `position` is how far it has come, from where it goes on after a crash."""

    __tablename__ = "jobs"

    kind: Mapped[str]
    status: Mapped[str] = generated()
    input: Mapped[Json] = generated()
    total: Mapped[int] = generated()
    done: Mapped[int] = generated()
    failed: Mapped[int] = generated()
    position: Mapped[int] = generated()
    workflow_status: Mapped[str] = generated()
    created_by: Mapped[UUID | None]
    finished_at: Mapped[datetime | None]


class JobError(Base):
    """What one part of a job failed with."""

    __tablename__ = "job_errors"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    job_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]
    code: Mapped[str]
    detail: Mapped[str]


class JobFile(Base):
    """A piece of an uploaded file."""

    __tablename__ = "job_files"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    job_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    data: Mapped[bytes]


class JobItem(Base):
    """Whom a job is about, in the order in which it goes through them."""

    __tablename__ = "job_items"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    job_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[UUID]

"""Jobs: long work with progress."""

from typing import Annotated
from uuid import UUID

from fastapi import UploadFile
from pydantic import Field, computed_field

from api.schemas.common import Body, Page, Shape, Time
from domain.enums import JobStatus


class ImportForm(Body):
    """A CSV file with a header. `events`: contacts that come or change raise their events, and so start campaigns."""

    file: UploadFile
    events: bool = False


class JobError(Shape):
    """What one item failed with. `id` is the line of an imported file, or the id of what was worked on."""

    id: Annotated[str, Field(validation_alias="subject")]
    code: str
    detail: str


class JobProgress(Shape):
    """How far a job is: `done` items went well and `failed` ones did not, of `total`."""

    id: UUID
    kind: str
    status: JobStatus
    total: int
    done: int
    failed: int
    created_at: Time
    updated_at: Time
    finished_at: Time | None

    @computed_field  # type: ignore[prop-decorator] # mypy knows no decorated properties
    @property
    def rate(self) -> float | None:
        """Items a second from the beginning to the last sign of life; null before the first."""
        taken = (self.updated_at - self.created_at).total_seconds()
        return round((self.done + self.failed) / taken, 1) if taken else None


class Job(JobProgress):
    """A job with its first 100 errors."""

    errors: list[JobError]


class JobAnswer(Shape):
    """One job."""

    job: Job


class JobList(Page):
    """Jobs, newest first."""

    jobs: list[JobProgress]


class JobErrorList(Page):
    """What failed, in the order of the items."""

    errors: list[JobError]

"""Jobs: long work with progress."""

from typing import Annotated
from uuid import UUID

from fastapi import UploadFile
from pydantic import Field, computed_field, field_validator

from api.schemas.common import Body, Page, Shape, Time
from domain.enums import JobStatus


class ImportForm(Body):
    """A CSV file with a header. `events`: contacts that come or change raise their events, and so start campaigns.

    `campaign_id`: an active campaign, in which all whom the file names are enrolled.
    """

    file: UploadFile
    events: bool = False
    campaign_id: UUID | None = None


class ImportPreviewForm(Body):
    """A CSV file with a header."""

    file: UploadFile


class ImportColumn(Shape):
    """A column of the file, and the contact's field that it means; null: it has no name, and must be empty."""

    header: str
    field: str | None

    _unnamed = field_validator("field", mode="before")(lambda name: name or None)


class ImportProblem(Shape):
    """A row that could not be taken, by its line in the file."""

    line: Annotated[int, Field(validation_alias="number")]
    detail: str


class ImportPreview(Shape):
    """What is in a file, and what importing it would do.

    Of `rows` the first ones are `looked_at`, 5,000 at most, and all else is about those: how many contacts are `new`,
    how many are `known`, how many rows `failed`, and the first 100 of these with their reason as `problems`. Rows about
    one person are one contact. `sample` holds the cells of the first rows, cut to 200 characters.
    """

    rows: int
    looked_at: int
    columns: list[ImportColumn]
    sample: list[list[str]]
    new: int
    known: int
    failed: int
    problems: list[ImportProblem]


class ImportPreviewAnswer(Shape):
    """What importing a file would do."""

    preview: ImportPreview


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

"""`/api/contacts/import`."""

from typing import Annotated

from fastapi import APIRouter, Form

from api.access import Db
from api.routes.jobs import answer
from api.schemas.jobs import ImportForm, ImportPreviewAnswer, ImportPreviewForm, JobAnswer
from api.uploads import UploadRoute, content_of
from services.contact_import import begin_import
from services.import_preview import preview_import

router = APIRouter(prefix="/contacts", tags=["contacts"], route_class=UploadRoute)


@router.post("/import", status_code=202)
async def import_contacts(
    db: Db, form: Annotated[ImportForm, Form(media_type="multipart/form-data")]
) -> JobAnswer:
    """Import contacts from a CSV file; the answer is a job, whose errors name the lines that could not be taken.

    Columns are known by their names in the first line: first name, last name, email, phone, stage, tags, timezone,
    state, postal code, assigned to, SMS consent, email opt-out, SMS opt-out. Every other one becomes a custom field.
    A row is about the contact that has its e-mail address, else its phone number; importing a file again changes
    nothing. Empty cells clear nothing, and consent and opt-outs are only ever given.

    With a `campaign_id` all whom the file names are enrolled when the rows are in. Who may not be is the error of its
    row, with the code that enrolling answers, and stays imported.
    """
    job = await begin_import(
        db, content_of(form.file), events=form.events, campaign_id=form.campaign_id
    )
    return await answer(db, job)


@router.post("/import/preview")
async def preview_contacts(
    db: Db, form: Annotated[ImportPreviewForm, Form(media_type="multipart/form-data")]
) -> ImportPreviewAnswer:
    """What importing a CSV file would do; nothing is saved."""
    preview = await preview_import(db, content_of(form.file))
    return ImportPreviewAnswer.model_validate({"preview": preview})

"""`/api/projects`."""

from uuid import UUID

from fastapi import APIRouter

from api.access import Db, TransactionalRoute
from api.paging import Wanted
from api.schemas.common import Filter
from api.schemas.crm import ProjectAnswer, ProjectCreate, ProjectFields, ProjectList
from db import crm, rows
from db.tables import Contact, Project

router = APIRouter(prefix="/projects", tags=["projects"], route_class=TransactionalRoute)


@router.get("")
async def list_projects(
    db: Db,
    wanted: Wanted,
    contact_id: UUID | None = None,
    stage: Filter | None = None,
) -> ProjectList:
    """The company's projects."""
    found = await crm.list_projects(db, wanted, contact_id=contact_id, stage=stage)
    return ProjectList.model_validate({"projects": found.rows, **found.position})


@router.post("", status_code=201)
async def create_project(db: Db, body: ProjectCreate) -> ProjectAnswer:
    """A new project of a contact."""
    await rows.find(db, Contact, body.contact_id)
    return ProjectAnswer.model_validate({"project": await rows.add(db, Project, body.given())})


@router.get("/{project_id}")
async def get_project(db: Db, project_id: UUID) -> ProjectAnswer:
    """One project."""
    return ProjectAnswer.model_validate({"project": await rows.find(db, Project, project_id)})


@router.patch("/{project_id}")
async def change_project(db: Db, project_id: UUID, body: ProjectFields) -> ProjectAnswer:
    """Change a project."""
    project = await rows.change(db, Project, project_id, body.given())
    return ProjectAnswer.model_validate({"project": project})


@router.delete("/{project_id}", status_code=204)
async def delete_project(db: Db, project_id: UUID) -> None:
    """Delete a project; enrollments that spoke of it speak of the contact's newest instead."""
    await db.delete(await rows.find(db, Project, project_id))

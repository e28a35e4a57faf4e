"""`/api/tasks`."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from api.access import Caller, Db, Now, TransactionalRoute
from api.paging import Wanted
from api.schemas.crm import TaskAnswer, TaskCreate, TaskFields, TaskList, TaskPatch, TaskStatus
from db import crm, rows
from db.tables import Task

router = APIRouter(prefix="/tasks", tags=["tasks"], route_class=TransactionalRoute)


@router.get("")
async def list_tasks(
    db: Db,
    wanted: Wanted,
    contact_id: UUID | None = None,
    assigned_to: UUID | None = None,
    status: TaskStatus | None = None,
) -> TaskList:
    """The company's tasks."""
    found = await crm.list_tasks(
        db, wanted, contact_id=contact_id, assigned_to=assigned_to, status=status
    )
    return TaskList.model_validate({"tasks": found.rows, **found.position})


@router.post("", status_code=201)
async def create_task(db: Db, caller: Caller, now: Now, body: TaskCreate) -> TaskAnswer:
    """A new task."""
    values = {**_values(body, now), "created_by": caller.user_id}
    return TaskAnswer.model_validate({"task": await rows.add(db, Task, values)})


@router.get("/{task_id}")
async def get_task(db: Db, task_id: UUID) -> TaskAnswer:
    """One task."""
    return TaskAnswer.model_validate({"task": await rows.find(db, Task, task_id)})


@router.patch("/{task_id}")
async def change_task(db: Db, now: Now, task_id: UUID, body: TaskPatch) -> TaskAnswer:
    """Change a task; completing it notes when."""
    task = await rows.change(db, Task, task_id, _values(body, now))
    return TaskAnswer.model_validate({"task": task})


@router.delete("/{task_id}", status_code=204)
async def delete_task(db: Db, task_id: UUID) -> None:
    """Delete a task."""
    await db.delete(await rows.find(db, Task, task_id))


def _values(body: TaskFields, now: Now) -> dict[str, Any]:
    values = body.given()
    if "status" in values:
        values["completed_at"] = now if values["status"] == "completed" else None
    return values

"""The steps whose effect lies in our own database, done in the transaction that records them."""

from datetime import timedelta

from db import rows
from db.company import active_users
from db.contacts import set_field
from db.crm import notify
from db.session import Session
from db.situations import Situation
from db.tables import Contact, Task
from domain.conditions import evaluate, explain, parse_conditions
from domain.enums import Branch, ExecutionStatus
from domain.fields import coerce
from domain.flow import Step
from domain.step_configs import (
    Conditional,
    CreateTask,
    ExitCampaign,
    ManageTags,
    Notify,
    UpdateField,
    Wait,
)
from services.contents import Content
from services.facts import facts
from services.outcomes import Outcome, skipped
from services.walk import Walk


async def perform(walk: Walk, step: Step, content: Content) -> Outcome:
    """Do what the step says, and tell how it ended."""
    session, situation = walk.session, walk.situation
    match step.config:
        case Wait() as config:
            timed_out = {"timed_out": True} if config.until else None
            return Outcome(result=walk.execution.result_data or timed_out)
        case CreateTask() as config:
            return await _create_task(walk, config, content)
        case UpdateField() as config:
            return await _update_field(session, situation, config, content)
        case ManageTags() as config:
            return await _manage_tags(session, situation.contact, config)
        case Notify() as config:
            return await _notify(session, situation, config, content)
        case Conditional():
            return _fork(walk, step)
        case ExitCampaign(reason=reason):
            return Outcome(result={"reason": reason}, exit_reason=reason)
    raise TypeError(f"{step.step_type} has its effect elsewhere")


async def _create_task(walk: Walk, config: CreateTask, content: Content) -> Outcome:
    situation = walk.situation
    due_at = (
        walk.now + timedelta(days=config.due_in_days) if config.due_in_days is not None else None
    )
    task = await rows.add(
        walk.session,
        Task,
        {
            "activity_subtype": config.task_type,
            "title": content["title"],
            "description": content["description"],
            "contact_id": situation.contact.id,
            "project_id": situation.project.id if situation.project else None,
            "assigned_to": config.assigned_to or (situation.user.id if situation.user else None),
            "priority": config.priority,
            "due_at": due_at,
            "execution_id": walk.execution.id,
        },
    )
    return Outcome(result={"task_id": str(task.id)}, counts="tasks_created")


async def _update_field(
    session: Session, situation: Situation, config: UpdateField, content: Content
) -> Outcome:
    row = situation.contact if config.entity == "contact" else situation.project
    if row is None:
        raise LookupError("prepared for a project that is gone")
    # What was rendered went through JSON; coerced again it is what the column takes.
    value = coerce(config.entity, config.field, content["value"])
    await set_field(session, config.entity, row.id, config.field, value)
    return Outcome(
        result={"entity": config.entity, "field": config.field, "value": content["value"]}
    )


async def _manage_tags(session: Session, contact: Contact, config: ManageTags) -> Outcome:
    # Read again under a lock: a person, or another campaign, may be changing the tags too.
    await session.refresh(contact, ["tags"], with_for_update={"key_share": True})
    before = contact.tags
    after = [tag for tag in before if tag not in config.remove]
    after += [tag for tag in dict.fromkeys(config.add) if tag not in after]
    if after != before:
        await set_field(session, "contact", contact.id, "tags", after)
    return Outcome(
        result={
            "added": [tag for tag in after if tag not in before],
            "removed": [tag for tag in before if tag not in after],
        }
    )


async def _notify(
    session: Session, situation: Situation, config: Notify, content: Content
) -> Outcome:
    """Tell each of the users once, by whichever of the three ways they are meant."""
    named = list(config.user_ids or ())
    if config.assignee and situation.user:
        named.append(situation.user.id)
    users = await active_users(session, named, config.role)
    if not users:
        return skipped("nobody_to_notify", "there is no active user to notify")
    await notify(
        session,
        users,
        {
            "title": content["title"],
            "message": content["message"],
            "contact_id": situation.contact.id,
            "enrollment_id": situation.enrollment.id,
            "campaign_id": situation.campaign.id,
        },
    )
    return Outcome(result={"notified": [str(user_id) for user_id in users]})


def _fork(walk: Walk, step: Step) -> Outcome:
    condition = parse_conditions(step.conditions)
    known = facts(walk.situation)
    branch = Branch.TRUE if evaluate(condition, known, walk.now) else Branch.FALSE
    return Outcome(
        ExecutionStatus.COMPLETED,
        {"branch": branch == Branch.TRUE, "why": explain(condition, known, walk.now)},
        branch=branch,
    )

"""Everything about one enrollment that decides what it does next, and about a contact what it may be sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from db.campaigns import kept_as_they_are
from db.consents import why_suppressed
from db.crm import newest_project
from db.enrollments import in_turn
from db.lists import among
from db.session import Session
from db.steps import flow_of
from db.tables import Campaign, Contact, Enrollment, Execution, Project, Tenant, User
from domain.enums import Channel
from domain.flow import Flow

_Past = aliased(Execution)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """A contact, with what a message to it may speak of, and what decides whether it may go out.

    `suppressed` says for a channel why nothing goes to the contact's address.
    """

    tenant: Tenant
    contact: Contact
    project: Project | None
    user: User | None
    suppressed: Mapping[Channel, str]

    @property
    def event(self) -> Mapping[str, Any]:
        """What `event.*` speaks of: nothing has happened."""
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation(Addressee):
    """An enrollment with all that surrounds it.

    `execution` is that of its current visit; `done` are the steps that are behind it, however they
    ended. `project` is the enrollment's own, else the contact's newest; `user` the contact's assigned
    one, else the campaign's creator.
    """

    enrollment: Enrollment
    execution: Execution | None
    campaign: Campaign
    flow: Flow
    done: frozenset[UUID]

    @property
    def event(self) -> Mapping[str, Any]:
        """The event that triggered the enrollment, or the newest one that it waited for."""
        return self.enrollment.event


async def load_situation(session: Session, enrollment_id: UUID) -> Situation:
    """Lock the enrollment, so that one hand moves it at a time, and read what surrounds it.

    Raises:
        LookupError: there is no such enrollment in the tenant.
    """
    situations = await load_situations(session, [enrollment_id])
    if not situations:
        raise LookupError(f"enrollment {enrollment_id} has no row")
    return situations[0]


async def load_situations(session: Session, enrollment_ids: Sequence[UUID]) -> list[Situation]:
    """Lock these enrollments, and read what surrounds them: as many statements as for one."""
    kept = kept_as_they_are(enrollment_ids)
    # A statement of its own: one that waits for the lock would read what surrounds it as it was before.
    locked = await session.scalars(
        in_turn(select(Enrollment).join(kept, kept.c.id == Enrollment.id))
    )
    return await situations_of(session, locked.all(), {})


async def situations_of(
    session: Session, enrollments: Sequence[Enrollment], known: Mapping[UUID, Flow]
) -> list[Situation]:
    """What surrounds these enrollments; it stays so where they are locked. Those `known` need no reading."""
    by_id = {enrollment.id: enrollment for enrollment in enrollments}
    newest = newest_project(Enrollment.contact_id)
    done = select(_Past.step_id).where(
        _Past.enrollment_id == Enrollment.id,
        _Past.visit >= Enrollment.walks_from_visit,
        _Past.completed_at.is_not(None),
    )
    around = await session.execute(
        select(
            Enrollment.id,
            Campaign,
            Tenant,
            Contact,
            Execution,
            Project,
            User,
            func.array(done.scalar_subquery()),
            *map(why_suppressed, Channel),
        )
        .join(Campaign, Campaign.id == Enrollment.campaign_id)
        .join(Tenant, Tenant.id == Campaign.tenant_id)
        .join(Contact, Contact.id == Enrollment.contact_id)
        .outerjoin(
            Execution,
            (Execution.enrollment_id == Enrollment.id) & (Execution.visit == Enrollment.visit),
        )
        .outerjoin(Project, Project.id == func.coalesce(Enrollment.project_id, newest))
        .outerjoin(User, User.id == func.coalesce(Contact.assigned_to, Campaign.created_by))
        .where(among(Enrollment.id, list(by_id)))
        .order_by(Enrollment.id)
    )
    flows = dict(known)
    situations = []
    for (
        enrollment_id,
        campaign,
        tenant,
        contact,
        execution,
        project,
        user,
        past,
        *reasons,
    ) in around:
        if campaign.id not in flows:
            flows[campaign.id] = await flow_of(session, campaign.id)
        situations.append(
            Situation(
                enrollment=by_id[enrollment_id],
                execution=execution,
                campaign=campaign,
                tenant=tenant,
                contact=contact,
                project=project,
                user=user,
                suppressed=_by_channel(reasons),
                flow=flows[campaign.id],
                done=frozenset(past),
            )
        )
    return situations


async def load_addressee(
    session: Session, contact_id: UUID, author_id: UUID | None
) -> Addressee | None:
    """A contact whom somebody writes to by hand; None if there is none that is not deleted.

    `user` is the contact's assigned one, else the author; `project` the contact's newest.
    """
    around = await session.execute(
        select(Tenant, Contact, Project, User, *map(why_suppressed, Channel))
        .join(Tenant, Tenant.id == Contact.tenant_id)
        .outerjoin(Project, Project.id == newest_project(Contact.id))
        .outerjoin(User, User.id == func.coalesce(Contact.assigned_to, author_id))
        .where(Contact.id == contact_id, ~Contact.is_deleted)
    )
    if (row := around.one_or_none()) is None:
        return None
    tenant, contact, project, user, *reasons = row
    return Addressee(
        tenant=tenant,
        contact=contact,
        project=project,
        user=user,
        suppressed=_by_channel(reasons),
    )


def _by_channel(reasons: Sequence[str | None]) -> dict[Channel, str]:
    return {channel: reason for channel, reason in zip(Channel, reasons, strict=True) if reason}

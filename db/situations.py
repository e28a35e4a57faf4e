"""Everything about one enrollment that decides what it does next, in two statements."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from db.session import Session
from db.steps import flow_of
from db.tables import Campaign, Contact, Enrollment, Execution, Project, Tenant, User
from domain.flow import Flow


@dataclass(frozen=True, slots=True)
class Situation:
    """An enrollment with all that surrounds it.

    `execution` is that of its current visit. `project` is the enrollment's own, else the contact's
    newest; `user` the contact's assigned one, else the campaign's creator.
    """

    enrollment: Enrollment
    execution: Execution | None
    campaign: Campaign
    tenant: Tenant
    contact: Contact
    project: Project | None
    user: User | None
    flow: Flow


async def load_situation(session: Session, enrollment_id: UUID) -> Situation:
    """Lock the enrollment, so that one hand moves it at a time, and read what surrounds it.

    Raises:
        LookupError: there is no such enrollment in the tenant.
    """
    newest = aliased(Project)
    newest_project = (
        select(newest.id)
        .where(newest.contact_id == Enrollment.contact_id, newest.tenant_id == Enrollment.tenant_id)
        .order_by(newest.created_at.desc(), newest.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    row = (
        await session.execute(
            select(Enrollment, Execution, Campaign, Tenant, Contact, Project, User)
            .join(Campaign, Campaign.id == Enrollment.campaign_id)
            .join(Tenant, Tenant.id == Enrollment.tenant_id)
            .join(Contact, Contact.id == Enrollment.contact_id)
            .outerjoin(
                Execution,
                (Execution.enrollment_id == Enrollment.id) & (Execution.visit == Enrollment.visit),
            )
            .outerjoin(Project, Project.id == func.coalesce(Enrollment.project_id, newest_project))
            .outerjoin(User, User.id == func.coalesce(Contact.assigned_to, Campaign.created_by))
            .where(Enrollment.id == enrollment_id)
            .with_for_update(of=Enrollment)
        )
    ).one_or_none()
    if row is None:
        raise LookupError(f"enrollment {enrollment_id} has no row")
    enrollment, execution, campaign, tenant, contact, project, user = row
    flow = await flow_of(session, campaign.id)
    return Situation(enrollment, execution, campaign, tenant, contact, project, user, flow)

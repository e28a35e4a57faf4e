"""Everything about one enrollment that decides what it does next, in three statements."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from db.consents import why_suppressed
from db.session import Session
from db.steps import flow_of
from db.tables import Campaign, Contact, Enrollment, Execution, Project, Tenant, User
from domain.enums import Channel
from domain.flow import Flow


@dataclass(frozen=True, slots=True)
class Situation:
    """An enrollment with all that surrounds it.

    `execution` is that of its current visit. `project` is the enrollment's own, else the contact's
    newest; `user` the contact's assigned one, else the campaign's creator. `suppressed` says for a channel
    why nothing goes to the contact's address.
    """

    enrollment: Enrollment
    execution: Execution | None
    campaign: Campaign
    tenant: Tenant
    contact: Contact
    project: Project | None
    user: User | None
    suppressed: Mapping[Channel, str]
    flow: Flow


async def load_situation(session: Session, enrollment_id: UUID) -> Situation:
    """Lock the enrollment, so that one hand moves it at a time, and read what surrounds it.

    Raises:
        LookupError: there is no such enrollment in the tenant.
    """
    # A statement of its own: one that waits for the lock would read what surrounds it as it was before.
    enrollment = await session.scalar(
        select(Enrollment).where(Enrollment.id == enrollment_id).with_for_update()
    )
    if enrollment is None:
        raise LookupError(f"enrollment {enrollment_id} has no row")
    newest = aliased(Project)
    newest_project = (
        select(newest.id)
        .where(newest.contact_id == enrollment.contact_id, newest.tenant_id == enrollment.tenant_id)
        .order_by(newest.created_at.desc(), newest.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    around = await session.execute(
        select(Campaign, Tenant, Contact, Execution, Project, User, *map(why_suppressed, Channel))
        .join(Tenant, Tenant.id == Campaign.tenant_id)
        .join(Contact, Contact.id == enrollment.contact_id)
        .outerjoin(
            Execution,
            (Execution.enrollment_id == enrollment.id) & (Execution.visit == enrollment.visit),
        )
        .outerjoin(Project, Project.id == func.coalesce(enrollment.project_id, newest_project))
        .outerjoin(User, User.id == func.coalesce(Contact.assigned_to, Campaign.created_by))
        .where(Campaign.id == enrollment.campaign_id)
    )
    campaign, tenant, contact, execution, project, user, *reasons = around.one()
    suppressed = {
        channel: reason for channel, reason in zip(Channel, reasons, strict=True) if reason
    }
    flow = await flow_of(session, campaign.id)
    return Situation(
        enrollment, execution, campaign, tenant, contact, project, user, suppressed, flow
    )

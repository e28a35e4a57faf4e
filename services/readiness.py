"""Whether a campaign can run."""

from db.company import own_tenant
from db.message_templates import all_message_templates
from db.session import Session
from db.steps import flow_of
from db.tables import Campaign
from domain.errors import Conflict
from domain.readiness import ReadinessProblem, problems
from domain.schedule import Recipient, schedule
from domain.texting_hours import CONTINENTAL


async def find_problems(session: Session, campaign: Campaign) -> list[ReadinessProblem]:
    """What stands in the way of the campaign's activation."""
    tenant = await own_tenant(session)
    schedules = [
        schedule(
            respect_business_hours=campaign.respect_business_hours,
            business_hours=campaign.business_hours,
            holidays=campaign.holidays,
            tenant_timezone=tenant.timezone,
            recipient=Recipient(timezone=zone),
        )
        for zone in CONTINENTAL
    ]
    settings = {column.key: getattr(tenant, column.key) for column in tenant.__table__.columns}
    texts = {
        row.id: [text for text in (row.subject, row.html, row.body) if text]
        for row in await all_message_templates(session)
    }
    return problems(await flow_of(session, campaign.id), schedules, settings, texts)


async def check_ready(session: Session, campaign: Campaign) -> None:
    """Raise Conflict `not_ready`, with the problems, if the campaign cannot run."""
    await session.flush()
    if found := await find_problems(session, campaign):
        raise Conflict("not_ready", " ".join(problem.detail for problem in found), problems=found)

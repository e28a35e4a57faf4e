"""The calendar that holds for a contact in a campaign."""

from db.situations import Situation
from domain.schedule import Recipient, Schedule, schedule


def schedule_of(situation: Situation) -> Schedule:
    """The calendar of an enrollment."""
    campaign, contact = situation.campaign, situation.contact
    return schedule(
        respect_business_hours=campaign.respect_business_hours,
        business_hours=campaign.business_hours,
        holidays=campaign.holidays,
        tenant_timezone=situation.tenant.timezone,
        recipient=Recipient(contact.timezone, contact.state, contact.postal_code, contact.phone),
    )

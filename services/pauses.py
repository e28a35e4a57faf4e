"""Pausing and resuming a campaign.

A pause is a flag: nobody is woken for it. It is read when an enrollment wakes, and again right before a send; who
wakes meanwhile parks. A resume says what becomes of what came due:

| on_resume | |
| --- | --- |
| `send` | it is due now, spread as far as the provider's rate asks for |
| `shift` | everything moves by the length of the pause |
| `skip` | it is skipped; what comes next counts from when it was due, as if there had been no pause |
"""

from datetime import datetime

from db.pauses import (
    ask_parked_to_refresh,
    resume_parked,
    shift_by_pause,
    skip_what_came_due,
)
from db.session import Session
from db.tables import Campaign
from domain.enums import CampaignStatus, OnResume
from domain.plans import AwaitAttempts


def pause(session: Session, campaign: Campaign, now: datetime, because: str | None = None) -> None:
    """Pause a campaign that this transaction may change; `because` where it does so itself."""
    campaign.status = CampaignStatus.PAUSED
    campaign.paused_at = now
    campaign.paused_because = because
    session.outbox.append(AwaitAttempts(campaign.id))


async def resume(session: Session, campaign: Campaign, now: datetime) -> None:
    """Let a paused campaign, which this transaction may change, go on as it says."""
    match OnResume(campaign.on_resume):
        case OnResume.SEND:
            await resume_parked(session, campaign.id, now)
        case OnResume.SHIFT:
            await shift_by_pause(session, campaign, now)
        case OnResume.SKIP:
            await skip_what_came_due(session, campaign, now)
    campaign.status = CampaignStatus.ACTIVE
    campaign.resumed_at = now
    campaign.paused_at = campaign.paused_because = None
    session.wake(await ask_parked_to_refresh(session, campaign.id))

"""A campaign that does harm pauses itself, and its admins are told when it needs them: see `domain.safety`.

Each look is taken once what it is about is committed, in a transaction of its own: to pause a campaign waits for all
who hold one of its enrollments. A process that dies in between leaves the look to the next failure.
"""

from datetime import UTC, datetime
from uuid import UUID

from db.alerts import is_raised, notify_admins
from db.campaigns import changing, find_campaign
from db.safety import failures_since, find_stall, last_sends, last_texts, overdue_campaigns
from db.session import Database, Session, engine
from db.tables import Campaign, Execution
from domain import safety
from domain.enums import AlertKind, CampaignStatus, ExecutionStatus, StepType
from domain.messages import NO_CONSENT
from services.alerts import raise_alert
from services.isolation import one_failure_is_one
from services.pauses import pause


async def heed(database: Database, ended: Execution) -> None:
    """Look at what the end of a step may be a sign of: it has just been committed."""
    whose = ended.tenant_id, ended.campaign_id
    skip = (ended.result_data or {}).get("skipped")
    if ended.step_type not in (StepType.SEND_EMAIL, StepType.SEND_SMS):
        return
    if ended.status == ExecutionStatus.FAILED:
        await heed_failure(database, *whose)
    elif ended.status == ExecutionStatus.SKIPPED and skip == NO_CONSENT:
        await _heed_missing_consent(database, *whose)


async def heed_failure(database: Database, tenant_id: UUID, campaign_id: UUID) -> None:
    """Pause a campaign of which a send has failed or bounced for good, where that happens too often."""
    with one_failure_is_one(tenant=tenant_id, campaign=campaign_id):
        async with database.transaction(engine(tenant_id)) as session:
            campaign = await find_campaign(session, campaign_id, include_deleted=True)
            harmful = await _is_harmful(session, campaign)
            if not harmful:
                await _tell_of_failures(session, campaign)
        if harmful:
            async with database.transaction(engine(tenant_id)) as session:
                await _pause_itself(session, await changing(session, campaign_id))


async def _is_harmful(session: Session, campaign: Campaign) -> bool:
    if campaign.status != CampaignStatus.ACTIVE:
        return False
    return safety.must_pause(await last_sends(session, campaign))


async def _pause_itself(session: Session, campaign: Campaign) -> None:
    """Pause a campaign that this transaction alone may change, unless somebody has done so since."""
    if not await _is_harmful(session, campaign):
        return
    because = safety.why_paused(await last_sends(session, campaign))
    now = datetime.now(UTC)
    pause(session, campaign, now, because)
    campaign.updated_at = now
    notice = safety.paused(campaign.name, because)
    if not await _raise(session, AlertKind.CAMPAIGN_PAUSED, campaign, notice):
        # Whoever resumed it today must know that it stands still again.
        await notify_admins(session, campaign.id, notice.title, notice.message)


async def _tell_of_failures(session: Session, campaign: Campaign) -> None:
    if await is_raised(session, AlertKind.SENDS_FAILING, campaign.id):
        return
    sends = await failures_since(session, campaign.id, safety.DAY)
    if safety.is_failing(sends):
        notice = safety.failing(campaign.name, sends)
        await _raise(session, AlertKind.SENDS_FAILING, campaign, notice)


async def _heed_missing_consent(database: Database, tenant_id: UUID, campaign_id: UUID) -> None:
    with one_failure_is_one(tenant=tenant_id, campaign=campaign_id):
        async with database.transaction(engine(tenant_id)) as session:
            if await is_raised(session, AlertKind.CONSENT_MISSING, campaign_id):
                return
            texts = await last_texts(session, campaign_id, NO_CONSENT)
            if safety.lacks_consent(texts):
                campaign = await find_campaign(session, campaign_id, include_deleted=True)
                notice = safety.consent_missing(campaign.name, texts)
                await _raise(session, AlertKind.CONSENT_MISSING, campaign, notice)


async def tell_of_stalls(database: Database) -> int:
    """Tell of the campaigns in which nobody moves on though it is time; how many there are."""
    async with database.gateway() as gateway:
        suspects = await overdue_campaigns(gateway, safety.STALLED_AFTER)
    found = 0
    for suspect in suspects:
        with one_failure_is_one(tenant=suspect.tenant_id, campaign=suspect.campaign_id):
            async with database.transaction(engine(suspect.tenant_id)) as session:
                found += await _tell_of_stall(session, suspect.campaign_id)
    return found


async def _tell_of_stall(session: Session, campaign_id: UUID) -> bool:
    """Whether it is news."""
    campaign = await find_campaign(session, campaign_id, include_deleted=True)
    if campaign.status != CampaignStatus.ACTIVE:
        return False
    if campaign.resumed_at and datetime.now(UTC) - campaign.resumed_at < safety.STALLED_AFTER:
        return False
    if await is_raised(session, AlertKind.CAMPAIGN_STALLED, campaign_id):
        return False
    stall = await find_stall(session, campaign_id, safety.STALLED_AFTER)
    if stall is None:
        return False
    notice = safety.stalled(campaign.name, stall.overdue, stall.error)
    return await _raise(session, AlertKind.CAMPAIGN_STALLED, campaign, notice)


async def _raise(
    session: Session, kind: AlertKind, campaign: Campaign, notice: safety.Notice
) -> bool:
    return await raise_alert(
        session, kind, campaign=campaign, title=notice.title, message=notice.message
    )

"""Reports: what a campaign, or a company with all its campaigns, did and brought in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from db.analytics import (
    campaign_results,
    company_campaigns,
    company_results,
    recent_enrollments,
)
from db.campaigns import find_campaign
from db.company import own_tenant
from db.experiments import VariantCounts
from db.session import Session
from db.steps import flow_of
from db.tables import Campaign
from domain.analytics import (
    ByStatus,
    Day,
    EmailResults,
    FunnelStep,
    Overview,
    Results,
    SmsResults,
    StepTotals,
    Totals,
    VariantReport,
    by_status,
    email_results,
    funnel_step,
    overview,
    rate,
    series,
    sms_results,
)
from domain.enums import CampaignStatus, EnrollmentStatus, ExitReason
from domain.flow import Flow, Step
from domain.holdouts import HoldoutReport
from domain.periods import Period
from services.experiments import verdicts
from services.holdouts import report_on_holdout

RECENT = 10
"""How many enrollments a report lists."""


@dataclass(frozen=True, slots=True)
class RecentEnrollment:
    """An enrollment, and how far it has come: `steps_completed` of the campaign's `steps_total`."""

    id: UUID
    contact_id: UUID
    contact_name: str | None
    status: EnrollmentStatus
    exit_reason: ExitReason | None
    enrolled_at: datetime
    current_step_id: UUID | None
    next_step_scheduled_at: datetime | None
    steps_completed: int
    steps_total: int


@dataclass(frozen=True, slots=True)
class CampaignReport:
    """What a campaign did. `holdout` is null where nobody was ever held out of it."""

    overview: Overview
    holdout: HoldoutReport | None
    email: EmailResults
    sms: SmsResults
    by_status: ByStatus
    recent_enrollments: Sequence[RecentEnrollment]
    series: Sequence[Day]
    funnel: Sequence[FunnelStep]
    variants: Sequence[VariantReport]


@dataclass(frozen=True, slots=True)
class CampaignShare:
    """What a campaign did of all that its company's campaigns did."""

    campaign_id: UUID
    name: str
    status: CampaignStatus
    is_deleted: bool
    total_enrolled: int
    completed: int
    completion_rate: float | None
    goals_achieved: int
    goal_rate: float | None
    emails_sent: int
    sms_sent: int
    revenue: Decimal


@dataclass(frozen=True, slots=True)
class CompanyReport:
    """What all campaigns together did, and each of them: who earned most comes first."""

    overview: Overview
    email: EmailResults
    sms: SmsResults
    by_status: ByStatus
    series: Sequence[Day]
    campaigns: Sequence[CampaignShare]


async def make_period(
    session: Session, first: date | None, last: date | None, timezone: str | None
) -> Period:
    """Days of that zone, else of the company's. Raises Invalid if the last is before the first."""
    return Period(first, last, timezone or (await own_tenant(session)).timezone)


async def report_on_campaign(
    session: Session, campaign_id: UUID, period: Period, now: datetime
) -> CampaignReport:
    """What a campaign did. Raises NotFound."""
    campaign = await find_campaign(session, campaign_id, include_deleted=True)
    flow = await flow_of(session, campaign_id)
    results = await campaign_results(session, campaign_id, period)
    total = results.total()
    visited = [(step, _of_step(results, step)) for step in flow.listed()]
    return CampaignReport(
        overview=overview(total, campaign.goal_target),
        holdout=await report_on_holdout(session, campaign_id, period, total),
        email=email_results(total),
        sms=sms_results(total),
        by_status=by_status(total),
        recent_enrollments=await _recent(session, campaign_id, period, flow),
        series=_series(results, period, now),
        funnel=[funnel_step(step.id, step.step_type, totals) for step, totals in visited],
        variants=[report for step, totals in visited for report in _variants(step, totals)],
    )


async def report_on_company(session: Session, period: Period, now: datetime) -> CompanyReport:
    """What the company's campaigns did."""
    results, each = await company_results(session, period)
    total = results.total()
    shares = [
        _share(campaign, each.get(campaign.id, Totals()))
        for campaign in await company_campaigns(session)
        # One that is deleted is out of sight, but not what it did.
        if not campaign.is_deleted or each.get(campaign.id, Totals()) != Totals()
    ]
    shares.sort(key=lambda share: (-share.revenue, -share.goals_achieved, share.name))
    return CompanyReport(
        overview=overview(total),
        email=email_results(total),
        sms=sms_results(total),
        by_status=by_status(total),
        series=_series(results, period, now),
        campaigns=shares,
    )


def _series(results: Results, period: Period, now: datetime) -> list[Day]:
    return series(results.days, period, now.astimezone(ZoneInfo(period.timezone)).date())


def _of_step(results: Results, step: Step) -> list[StepTotals]:
    return [totals for (step_id, _), totals in results.steps.items() if step_id == step.id]


def _variants(step: Step, of: Sequence[StepTotals]) -> Iterator[VariantReport]:
    counts = {
        each.variant: VariantCounts(
            each.variant, each.sent, each.bounced, each.opened, each.clicked, each.replied
        )
        for each in of
        if each.variant
    }
    if not counts and not step.step_config.get("variants"):
        return
    for verdict in verdicts(step, list(counts.values())):
        found = counts.get(verdict.name) or VariantCounts(verdict.name, 0, 0, 0, 0, 0)
        yield VariantReport(
            step_id=step.id,
            name=verdict.name,
            sent=found.sent,
            opened=found.opened,
            clicked=found.clicked,
            replied=found.replied,
            rate=verdict.rate,
            low=verdict.low,
            high=verdict.high,
            winner=verdict.winner,
        )


def _share(campaign: Campaign, total: Totals) -> CampaignShare:
    return CampaignShare(
        campaign_id=campaign.id,
        name=campaign.name,
        status=CampaignStatus(campaign.status),
        is_deleted=campaign.is_deleted,
        total_enrolled=total.enrolled,
        completed=total.completed,
        completion_rate=rate(total.completed, total.enrolled),
        goals_achieved=total.achieved,
        goal_rate=rate(total.achieved, total.enrolled),
        emails_sent=total.emails_sent,
        sms_sent=total.sms_sent,
        revenue=total.revenue,
    )


async def _recent(
    session: Session, campaign_id: UUID, period: Period, flow: Flow
) -> list[RecentEnrollment]:
    return [
        RecentEnrollment(
            id=each.id,
            contact_id=each.contact_id,
            contact_name=" ".join(filter(None, names)) or None,
            status=EnrollmentStatus(each.status),
            exit_reason=ExitReason(each.exit_reason) if each.exit_reason else None,
            enrolled_at=each.enrolled_at,
            current_step_id=each.current_step_id,
            next_step_scheduled_at=each.next_step_scheduled_at,
            steps_completed=each.steps_completed,
            steps_total=len(flow.live),
        )
        for each, *names in await recent_enrollments(session, campaign_id, period, RECENT)
    ]

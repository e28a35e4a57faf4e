"""`/api/analytics`, `/api/campaigns/{id}/analytics`, and both as CSV."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from api.access import Db, Now, TransactionalRoute
from api.schemas.analytics import (
    CampaignAnalyticsAnswer,
    CampaignTable,
    CompanyAnalyticsAnswer,
    CompanyTable,
    DateIn,
)
from api.schemas.common import Zone
from domain.analytics import Day, FunnelStep, VariantReport
from domain.csv_export import write_csv
from domain.periods import Period
from services.analytics import (
    CampaignShare,
    make_period,
    report_on_campaign,
    report_on_company,
)

router = APIRouter(tags=["analytics"], route_class=TransactionalRoute)


async def _period(
    db: Db,
    from_: Annotated[
        DateIn | None, Query(alias="from", description="The first day; without it, all before.")
    ] = None,
    to: Annotated[
        DateIn | None, Query(description="The last day, included; without it, all after.")
    ] = None,
    timezone: Annotated[
        Zone | None, Query(description="The zone of the days, as `America/Denver`; else yours.")
    ] = None,
) -> Period:
    return await make_period(db, from_, to, timezone)


Wanted = Annotated[Period, Depends(_period)]


class Csv(Response):
    """A file for a spreadsheet."""

    media_type = "text/csv"


@router.get("/campaigns/{campaign_id}/analytics")
async def get_campaign_analytics(
    db: Db, now: Now, campaign_id: UUID, period: Wanted
) -> CampaignAnalyticsAnswer:
    """What a campaign did.

    In a range of days the `series` and the revenue are what happened on them. `overview`, `by_status`,
    `recent_enrollments` and `funnel` are about those who were enrolled on them, `email`, `sms` and
    `variants` about the messages sent on them, and say what has become of those until now.
    """
    report = await report_on_campaign(db, campaign_id, period, now)
    return CampaignAnalyticsAnswer(analytics=report)


@router.get("/campaigns/{campaign_id}/analytics.csv", response_class=Csv)
async def export_campaign_analytics(
    db: Db,
    now: Now,
    campaign_id: UUID,
    period: Wanted,
    table: CampaignTable = CampaignTable.SERIES,
) -> Response:
    """A table of the campaign's report as a file. No cell of it is a formula."""
    report = await report_on_campaign(db, campaign_id, period, now)
    kinds = {
        CampaignTable.SERIES: Day,
        CampaignTable.FUNNEL: FunnelStep,
        CampaignTable.VARIANTS: VariantReport,
    }
    return _file(table, kinds[table], getattr(report, table))


@router.get("/analytics")
async def get_analytics(db: Db, now: Now, period: Wanted) -> CompanyAnalyticsAnswer:
    """What all campaigns together did, and each of them, the one that earned most first.

    A range of days counts what it does in the report of one campaign.
    """
    return CompanyAnalyticsAnswer(analytics=await report_on_company(db, period, now))


@router.get("/analytics.csv", response_class=Csv)
async def export_analytics(
    db: Db, now: Now, period: Wanted, table: CompanyTable = CompanyTable.SERIES
) -> Response:
    """A table of the company's report as a file. No cell of it is a formula."""
    report = await report_on_company(db, period, now)
    kind = Day if table is CompanyTable.SERIES else CampaignShare
    return _file(table, kind, getattr(report, table))


def _file(name: str, kind: type[Any], rows: Sequence[object]) -> Response:
    disposition = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Csv(write_csv(kind, rows), headers=disposition)

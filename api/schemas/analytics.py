"""Reports. What they are made of is in `domain.analytics`, which also says what a range of days counts."""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field

from api.schemas.common import Shape
from services.analytics import CampaignReport, CompanyReport

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _written(value: object) -> object:
    """Not the seconds since 1970, which pydantic would take too."""
    if isinstance(value, str) and _DATE.fullmatch(value.strip()):
        return value.strip()
    raise ValueError("must be a date such as 2026-12-24")


DateIn = Annotated[
    date, BeforeValidator(_written), Field(ge=date(1970, 1, 1), le=date(2999, 12, 31))
]


class CampaignTable(StrEnum):
    """The part of a campaign's report that becomes a CSV file."""

    SERIES = "series"
    FUNNEL = "funnel"
    VARIANTS = "variants"


class CompanyTable(StrEnum):
    """The part of the company's report that becomes a CSV file."""

    SERIES = "series"
    CAMPAIGNS = "campaigns"


class CampaignAnalyticsAnswer(Shape):
    """A campaign's report."""

    analytics: CampaignReport


class CompanyAnalyticsAnswer(Shape):
    """The company's report."""

    analytics: CompanyReport

"""When the dates come due that triggers count from."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, collate, func, literal

from db.readings import instant_in, member, moment_at, stripped, text_of
from db.tables import CampaignTrigger, Contact, Project
from domain.enums import DelayUnit
from domain.fields import Kind
from domain.triggers import date_field

_MARGIN = timedelta(days=2)
"""More than a zone is away from UTC and its clocks are changed by, together."""


class DateOf:
    """The date that a trigger counts from, of `Contact` or of a project that is joined to it."""

    def __init__(self, trigger: CampaignTrigger, zone: str) -> None:
        config = trigger.trigger_config
        self._field = date_field(config["relative_to"])
        self._zone = zone
        self.of_project = self._field.path[0] == "project"
        unit = DelayUnit(config["delay_unit"])
        self._delay = timedelta(**{unit.value: config["delay_value"]})
        self._by_the_calendar = self._delay and unit in (DelayUnit.DAYS, DelayUnit.WEEKS)

    def matched_for(self, project: type[Project]) -> ColumnElement[str]:
        """The value of the date as text, as it stands, and for a project which one."""
        value = self._text(project)
        return func.concat_ws(" ", project.id, value) if self.of_project else value

    def due_between(
        self, project: type[Project], since: datetime, until: datetime
    ) -> ColumnElement[bool]:
        """Whether the date and the delay come to a moment after `since` and by `until`."""
        moment = self._moment(project)
        first, last = since - self._delay, until - self._delay
        exact = and_(moment > first, moment <= last)
        if self._by_the_calendar:
            wall = func.timezone(self._zone, moment) + literal(self._delay)
            due = moment_at(wall, self._zone)
            exact = and_(due > since, due <= until)
        # What can be told at little cost first, or by an index.
        first, last = first - _MARGIN, last + _MARGIN
        if self._field.kind is Kind.DATETIME:
            return and_(moment.between(first, last), exact)
        day = collate(func.left(self._text(project), 10), "C")
        return and_(day.between(first.date().isoformat(), last.date().isoformat()), exact)

    def _moment(self, project: type[Project]) -> ColumnElement[Any]:
        if self._field.kind is Kind.DATETIME:
            moment: ColumnElement[Any] = self._column(project)
            return moment
        return instant_in(text_of(self._column(project)), self._zone)

    def _text(self, project: type[Project]) -> ColumnElement[str]:
        if self._field.kind is Kind.DATETIME:
            return cast(func.timezone("UTC", self._column(project)), Text)
        return stripped(text_of(self._column(project)))

    def _column(self, project: type[Project]) -> Any:  # noqa: ANN401 — of any type of SQL
        match self._field.path:
            case ("custom", *keys):
                return member(Contact.custom, keys)
            case ("project", "custom", *keys):
                return member(project.custom, keys)
            case ("project", name):
                return getattr(project, name)
            case (_, name):
                return getattr(Contact, name)
        raise ValueError(self._field.name)

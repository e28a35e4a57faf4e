"""Which triggers an event sets off, and whom they enroll."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog

from db.reactions import contacts_with_projects, hold_matches, listening_triggers
from db.session import Session
from db.tables import CampaignTrigger, Event
from domain.conditions import Condition, Facts, evaluate, parse_conditions
from domain.enums import CampaignStatus, EnrollmentSource, StepType, TriggerType
from domain.errors import Conflict, Invalid, NotFound
from domain.triggers import event_name_of, takes
from services.enrolling import Entrant, enroll_many
from services.facts import facts_before

_log = structlog.get_logger(__name__)


def payload(event: Event) -> dict[str, Any]:
    """An event as `event.*` names its parts, and as an enrollment keeps it."""
    return {
        **event.properties,
        "event_name": event.event_name,
        "occurred_at": event.occurred_at.isoformat(),
        "project_id": str(event.project_id) if event.project_id else None,
    }


class Trigger:
    """A trigger, its conditions parsed once for all events of a portion."""

    def __init__(self, row: CampaignTrigger, campaign_status: CampaignStatus) -> None:
        self.id, self.campaign_id = row.id, row.campaign_id
        self.is_held = campaign_status is CampaignStatus.PAUSED
        self.type = TriggerType(row.trigger_type)
        self.config = row.trigger_config
        self.event_name = event_name_of(self.type, self.config)
        self._include = _parsed(row.enrollment_conditions)
        self._exclude = _parsed(row.exclusion_conditions)

    def takes(self, event: Event, what: Mapping[str, Any]) -> bool:
        """Whether the event is one for this trigger, whoever the contact is."""
        return takes(self.type, self.config, event.event_name, what, event.occurred_at)

    def wants(self, facts: Facts, now: datetime) -> bool:
        """Whether the contact is one for this trigger."""
        if self._include and not evaluate(self._include, facts, now):
            return False
        return not (self._exclude and evaluate(self._exclude, facts, now))


Matches = Mapping[Trigger, Sequence[Event]]
"""For each trigger the events that it takes, of contacts that it wants."""


def _parsed(raw: object) -> Condition | None:
    """None where nothing is asked: an empty list of exclusions excludes nobody."""
    return parse_conditions(raw) if raw else None


class Matcher:
    """A tenant's triggers that listen to events, those of higher priority first."""

    def __init__(
        self,
        session: Session,
        triggers: Sequence[Trigger],
        rates: Mapping[StepType, float],
        now: datetime,
    ) -> None:
        self._session = session
        self._rates = rates
        self._now = now
        self._listening: dict[str | None, list[Trigger]] = defaultdict(list)
        for trigger in triggers:
            self._listening[trigger.event_name].append(trigger)
        self._order = {trigger.id: place for place, trigger in enumerate(triggers)}

    @classmethod
    async def load(
        cls, session: Session, rates: Mapping[StepType, float], now: datetime
    ) -> "Matcher":
        """The triggers as they are now. One that cannot be understood any more is passed over."""
        triggers = []
        for row, status in await listening_triggers(session):
            try:
                triggers.append(Trigger(row, status))
            except (Invalid, LookupError) as error:
                _log.error("trigger not understood", exc_info=error, trigger=str(row.id))
        return cls(session, triggers, rates, now)

    async def match(self, events: Sequence[Event]) -> Matches:
        """Whom these events bring; each contact has one of them at most."""
        taken: dict[UUID, list[Trigger]] = {}
        for event in events:
            if listening := self._listening.get(event.event_name):
                what = payload(event)
                taken[event.id] = [each for each in listening if each.takes(event, what)]
        interesting = [event for event in events if taken.get(event.id)]
        if not interesting:
            return {}
        contacts = await contacts_with_projects(
            self._session, {event.contact_id: event.project_id for event in interesting}
        )
        matched: dict[Trigger, list[Event]] = defaultdict(list)
        for event in interesting:
            if found := contacts.get(event.contact_id):
                facts = facts_before(*found, payload(event))
                for trigger in taken[event.id]:
                    if trigger.wants(facts, self._now):
                        matched[trigger].append(event)
        return matched

    async def enroll(self, matched: Matches) -> None:
        """Enroll those who were matched, triggers of higher priority first.

        Who may not be enrolled is not: that is no error of the event's. While a campaign is paused, whom
        its triggers match is kept for its resume.
        """
        for trigger in sorted(matched, key=lambda each: self._order[each.id]):
            found = matched[trigger]
            if trigger.is_held or not await self._enroll(trigger, found):
                await self._hold(trigger, found)

    async def _enroll(self, trigger: Trigger, events: Sequence[Event]) -> bool:
        """Whether the campaign was running after all."""
        entrants = [
            Entrant(event.contact_id, event.project_id, trigger.id, payload(event))
            for event in events
        ]
        source = EnrollmentSource.AUTOMATIC_TRIGGER
        try:
            # Their own time, so that who went first is the earlier one.
            now = datetime.now(UTC)
            await enroll_many(
                self._session, trigger.campaign_id, entrants, source, now, self._rates
            )
        except (Conflict, NotFound):
            return False
        return True

    async def _hold(self, trigger: Trigger, events: Sequence[Event]) -> None:
        await hold_matches(
            self._session,
            [
                {
                    "campaign_id": trigger.campaign_id,
                    "trigger_id": trigger.id,
                    "contact_id": event.contact_id,
                    "project_id": event.project_id,
                    "matched_for": str(event.id),
                    "event": payload(event),
                }
                for event in events
            ],
        )

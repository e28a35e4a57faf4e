"""Why an enrollment waits or has ended, and why a step did what it did: in words, for people."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from domain.enums import CampaignStatus, EnrollmentStatus, ExecutionStatus, ExitReason, StepType

ENDED: Final[Mapping[ExitReason, str]] = {
    ExitReason.COMPLETED: "went through all the steps",
    ExitReason.GOAL_ACHIEVED: "reached the goal of the campaign",
    ExitReason.UNSUBSCRIBED: "opted out of a channel that the campaign uses",
    ExitReason.STAGE_CHANGED: "came to a stage that ends this campaign",
    ExitReason.MANUAL_REMOVE: "was removed by hand, or by a step that says so",
    ExitReason.ERROR: "a step failed for good, and that ends the enrollment",
    ExitReason.REPLIED: "replied, which leaves the contact to a person",
    ExitReason.CAMPAIGN_ARCHIVED: "the campaign was archived",
    ExitReason.CONTACT_DELETED: "the contact was deleted",
    ExitReason.HELD_OUT: "is held out: gets nothing of this campaign, so that its effect can be measured",
}

_DONE: Final[Mapping[StepType, str]] = {
    StepType.SEND_EMAIL: "sent",
    StepType.SEND_SMS: "sent",
    StepType.WEBHOOK: "called",
    StepType.WAIT: "waited until",
}


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A time as people of the company read it, with its zone."""
    return at.astimezone(zone).strftime("%a %d %b %Y %H:%M %Z")


def of_step(
    step_type: StepType,
    status: ExecutionStatus,
    result: Mapping[str, Any],
    error: str | None,
    *,
    due: str,
    now: str,
) -> str:
    """Why a step ended as it did. `due` and `now` are local times in words."""
    match status:
        case ExecutionStatus.COMPLETED if step_type is StepType.CONDITIONAL:
            way = "true" if result["branch"] else "false"
            return f"{result['why']}, so it went the {way} way"
        case ExecutionStatus.COMPLETED if result.get("timed_out"):
            return f"the event had not come by {now}"
        case ExecutionStatus.COMPLETED if step_type is StepType.WAIT and result:
            return f"the event came by {now}"
        case ExecutionStatus.COMPLETED:
            return f"due {due}, {_DONE.get(step_type, 'done')} {now}"
        case ExecutionStatus.SKIPPED:
            return f"skipped {now}: {error}"
        case ExecutionStatus.FAILED:
            return f"failed for good {now}: {error}"
        case _:
            return f"given up {now}, it may have arrived: {error}"


def so_far(waits: str | None, trouble: str | None) -> str | None:
    """Why a step is not over; `trouble` is what the last attempt at it came to."""
    return f"{waits or ''}; tried so far without success: {trouble}" if trouble else waits


def come_back(sent: str, error: str | None, *, at: str) -> str:
    """Why a message that was sent has not arrived."""
    return f"{sent}, came back {at}: {error}" if error else f"{sent}, came back {at}"


def unsaid(reason: ExitReason | None, due: str | None) -> str | None:
    """Why an enrollment is where it is, if its row does not say: it was written before rows said why."""
    if reason:
        return ENDED[reason]
    return f"due {due}" if due else None


def of_enrollment(
    status: EnrollmentStatus, campaign_status: CampaignStatus, why: str | None
) -> str:
    """Why an enrollment is where it is: what its row says, under what holds for it as a whole."""
    over_it = ""
    if status is EnrollmentStatus.PAUSED:
        over_it = "paused by hand"
    elif status is EnrollmentStatus.ACTIVE and campaign_status is CampaignStatus.PAUSED:
        over_it = "the campaign is paused"
    return "; ".join(part for part in (over_it, why) if part)

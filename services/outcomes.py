"""How a visit of a step ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.enums import Branch, ExecutionStatus, ExitReason


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a visit of a step ended. `branch` is the side that a conditional took."""

    status: ExecutionStatus = ExecutionStatus.COMPLETED
    result: Mapping[str, Any] | None = None
    error: str | None = None
    branch: Branch | None = None
    exit_reason: ExitReason | None = None
    counts: str | None = None
    provider_id: str | None = None

    def __str__(self) -> str:
        """In words that may stand in a history: a skip's reason can quote the contact, its code cannot."""
        why = (self.result or {}).get("skipped") or self.error
        return f"{self.status} ({why})" if why else str(self.status)


def skipped(code: str, reason: str) -> Outcome:
    """The step did not run; the reason is kept where people look for it."""
    return Outcome(ExecutionStatus.SKIPPED, {"skipped": code, "reason": reason}, reason)


def failed(error: str) -> Outcome:
    """The step has failed for good."""
    return Outcome(ExecutionStatus.FAILED, error=error)


def unknown(error: str) -> Outcome:
    """It may have gone out. It is not sent again."""
    return Outcome(ExecutionStatus.UNKNOWN, error=error)

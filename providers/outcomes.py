"""What a call to a provider can come to. Nobody above this package reads a provider's codes.

| outcome | the message | what to do |
| --- | --- | --- |
| `Sent` | was accepted | keep the provider's id |
| `PermanentError` | was refused | the step has failed |
| `OptedOutError` | was refused: the recipient said STOP | the step has failed; record the opt-out |
| `TransientError` | was not accepted, or its key makes a repeat harmless | try again |
| `AmbiguousError` | may be on its way | find out; never send again |
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

MAX_ERROR_TEXT = 500
_LONGEST_WAIT = timedelta(days=1)
_EMAIL = re.compile(r"[^\s@<>\"'`]{1,64}@[^\s@<>\"'`]{1,255}")
_PHONE = re.compile(r"\+\d{7,15}")


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that the provider has accepted, under the provider's id for it."""

    provider: str
    provider_id: str


class ProviderError(Exception):
    """The provider did not say yes.

    The text is for people and may be stored: at most 500 characters, without secrets, message
    bodies, e-mail addresses or phone numbers. `code` is the provider's, for the log.
    """

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(_presentable(message))
        self.code = code


class PermanentError(ProviderError):
    """Refused, and would be refused again."""


class OptedOutError(PermanentError):
    """Refused because the recipient has told the provider to stop."""


class TransientError(ProviderError):
    """Safe to try again: not before `retry_after`, where the provider asks for it.

    `ambiguous`: it may be done already, and a repeat is harmless only as long as the receiver
    remembers this one.
    """

    def __init__(
        self,
        message: str,
        *,
        retry_after: timedelta | None = None,
        code: str | None = None,
        ambiguous: bool = False,
    ) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after
        self.ambiguous = ambiguous


class AmbiguousError(ProviderError):
    """The request may have been accepted; the answer is lost."""


def parse_retry_after(value: str | None) -> timedelta | None:
    """Read a `Retry-After` header (RFC 9110, 10.2.3): seconds or a date. At most a day; or None."""
    if value is None:
        return None
    if value.isascii() and value.isdigit():
        wait = timedelta(seconds=min(int(value[:9]), _LONGEST_WAIT.total_seconds()))
    else:
        try:
            wait = parsedate_to_datetime(value) - datetime.now(UTC)
        except (TypeError, ValueError):
            return None
    return min(max(wait, timedelta(0)), _LONGEST_WAIT)


def _presentable(message: str) -> str:
    text = " ".join(message[: 4 * MAX_ERROR_TEXT].replace("\0", " ").split())
    text = _PHONE.sub("[phone]", _EMAIL.sub("[e-mail]", text))
    return text if len(text) <= MAX_ERROR_TEXT else text[: MAX_ERROR_TEXT - 1] + "…"

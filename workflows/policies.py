"""Timeouts and retry policies by name."""

from datetime import timedelta
from typing import Final

from temporalio.common import RetryPolicy

STEP_ATTEMPT: Final = timedelta(seconds=40)
"""One attempt at a step: 10 s for the provider, the rest for the database."""

SILENCE: Final = timedelta(seconds=10)
"""A worker that has died is noticed after this; one that lives says so every three seconds."""

STEP_IN_ALL: Final = timedelta(hours=23)
"""Resend keeps an idempotency key for 24 hours: the last attempt is made while it still knows the first."""

STEP_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    backoff_coefficient=2,
    maximum_interval=timedelta(hours=1),
)

BOOKKEEPING_ATTEMPT: Final = timedelta(seconds=30)
"""An activity that only reads and writes our database."""

BOOKKEEPING_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    backoff_coefficient=2,
    maximum_interval=timedelta(minutes=1),
)
"""For ever: without its row an enrollment can neither go on nor end."""

PORTION_ATTEMPT: Final = timedelta(minutes=2)
"""A portion of a job takes a second or two."""

PORTION_IN_ALL: Final = timedelta(hours=6)
"""A database that is away so long, or a portion that cannot be done, fails the job."""

RECONCILE_ATTEMPT: Final = timedelta(minutes=5)
SCAN_ATTEMPT: Final = timedelta(minutes=10)
RECONCILE_RETRY: Final = RetryPolicy(initial_interval=timedelta(seconds=2), maximum_attempts=3)
"""The next run of the schedule is the better retry."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from providers.outcomes import ProviderError, parse_retry_after


def test_error_text_is_cut_to_500_characters() -> None:
    assert len(str(ProviderError("no " * 10_000))) == 500


def test_error_text_names_nobody() -> None:
    error = ProviderError("To 'Maria <maria@example.com>' or +12035550101 is not valid")

    assert str(error) == "To 'Maria <[e-mail]>' or [phone] is not valid"


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        (None, None),
        ("0", timedelta(0)),
        ("120", timedelta(minutes=2)),
        ("9" * 30, timedelta(days=1)),
        ("-5", None),
        ("soon", None),
        ("1.5", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", timedelta(0)),
        ("Wed, 21 Oct 2015 07:28:00 -0000", None),
    ],
)
def test_retry_after_is_read(value: str | None, wait: timedelta | None) -> None:
    assert parse_retry_after(value) == wait


def test_retry_after_as_a_date_is_read() -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(minutes=5), usegmt=True)

    wait = parse_retry_after(at)

    assert wait is not None
    assert timedelta(minutes=4) < wait <= timedelta(minutes=5)

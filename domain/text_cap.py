"""How many texts of campaigns a person gets in a day, whichever campaigns they are of.

Florida and Oklahoma allow three in 24 hours (Fla. Stat. 501.059(8)(b), Okla. Stat. tit. 15, 775C.4); a number moves
across state lines unnoticed, so three it is for everybody. A person is a phone number. What a person of the company
writes by hand is no campaign's, and does not count.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

MOST = 3
PERIOD = timedelta(hours=24)


def next_allowed(sent: Sequence[datetime]) -> datetime | None:
    """When one more may go to somebody who got texts at these times; None if at any time."""
    return sorted(sent)[-MOST] + PERIOD if len(sent) >= MOST else None

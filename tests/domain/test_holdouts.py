"""Who is held out of a campaign, and what the comparison with the others says."""

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.holdouts import Arm, Comparison, is_held_out

CONTACTS = [UUID(int=number) for number in range(2000)]
CAMPAIGN = UUID(int=10**9)
COUNTS = st.integers(0, 10**5).flatmap(lambda of: st.tuples(st.just(of), st.integers(0, of)))


def held_out(percent: int, campaign: UUID = CAMPAIGN) -> set[UUID]:
    return {each for each in CONTACTS if is_held_out(each, campaign, percent)}


def comparison(treated: tuple[int, int], holdout: tuple[int, int]) -> Comparison:
    """Each side as how many were enrolled, and how many of them reached the goal."""
    return Comparison(Arm(*treated, Decimal(0)), Arm(*holdout, Decimal(0)))


def test_share_that_is_held_out_is_what_was_asked_for() -> None:
    assert held_out(0) == set()
    assert held_out(100) == set(CONTACTS)
    assert abs(len(held_out(10)) - 200) < 45


def test_higher_share_holds_out_the_same_contacts_and_more() -> None:
    assert held_out(5) < held_out(10) < held_out(50)


def test_contact_that_one_campaign_holds_out_may_get_another() -> None:
    both = held_out(50) & held_out(50, UUID(int=10**9 + 1))
    assert abs(len(both) - 500) < 70


def test_lift_is_how_much_more_of_the_others_reached_the_goal() -> None:
    told = comparison((1000, 125), (200, 20))
    assert (told.treated.goal_rate, told.holdout.goal_rate) == (0.125, 0.1)
    assert told.lift == pytest.approx(0.25)
    assert told.difference is not None
    difference, low, high = told.difference
    assert difference == pytest.approx(0.025)
    assert low < 0  # which may be chance
    assert high > difference


def test_difference_is_newcombes() -> None:
    # Newcombe 1998, interval estimation for the difference, table II, method 10: 56/70 and 48/80
    assert comparison((70, 56), (80, 48)).difference == pytest.approx(
        (0.2, 0.0524, 0.3339), abs=0.0001
    )


def test_side_without_contacts_leaves_nothing_to_compare() -> None:
    for told in (comparison((0, 0), (10, 1)), comparison((10, 1), (0, 0))):
        assert (told.lift, told.difference) == (None, None)


def test_holdout_that_reached_nothing_leaves_no_ratio_but_a_difference() -> None:
    told = comparison((100, 10), (100, 0))
    assert told.lift is None
    assert told.difference is not None


@given(COUNTS, COUNTS)
def test_difference_of_the_rates_lies_within_its_interval(
    treated: tuple[int, int], holdout: tuple[int, int]
) -> None:
    told = comparison(treated, holdout)
    if told.difference is None:
        assert 0 in (treated[0], holdout[0])
    else:
        difference, low, high = told.difference
        assert -1 <= low <= difference <= high <= 1

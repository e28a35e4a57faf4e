"""Who gets which variant, and when results say that one is the best."""

from collections import Counter
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.experiments import VariantResult, choose, draw, interval, judge

WEIGHTS = st.lists(st.floats(0, 1_000_000) | st.integers(0, 100), min_size=1, max_size=10)
DRAWS = st.floats(0, 1, exclude_max=True)
IDS = [UUID(int=number) for number in range(4000)]


@st.composite
def results(draw_: st.DrawFn) -> list[VariantResult]:
    sents = draw_(st.lists(st.integers(0, 5000), min_size=1, max_size=6))
    return [
        VariantResult(f"variant {number}", sent, draw_(st.integers(0, sent)), draw_(st.booleans()))
        for number, sent in enumerate(sents)
    ]


def of(*results: tuple[int, int]) -> list[VariantResult]:
    """Variants A, B, C, of which so many were sent with so many successes."""
    return [VariantResult("ABCDEF"[place], *each) for place, each in enumerate(results)]


def winners(results: list[VariantResult]) -> list[str]:
    return [verdict.name for verdict in judge(results) if verdict.winner]


def test_draw_is_the_same_in_every_process() -> None:
    assert draw("variant", UUID(int=1), UUID(int=2)) == 0.17822626490341298


def test_draw_for_another_purpose_or_the_same_ids_in_another_order_is_another() -> None:
    one, two = UUID(int=1), UUID(int=2)
    assert len({draw("variant", one, two), draw("variant", two, one), draw("x", one, two)}) == 3


def test_draws_lie_evenly_between_0_and_1() -> None:
    tenths = Counter(int(draw("variant", each) * 10) for each in IDS)
    assert set(tenths) == set(range(10))
    assert all(abs(count - 400) < 80 for count in tenths.values())


def test_choice_at_one_step_tells_nothing_of_the_choice_at_the_next() -> None:
    first, second = UUID(int=10**9), UUID(int=10**9 + 1)
    same = sum(
        choose([1, 1], draw("variant", each, first))
        == choose([1, 1], draw("variant", each, second))
        for each in IDS
    )
    assert abs(same / len(IDS) - 0.5) < 0.04


def test_shares_are_those_of_the_weights() -> None:
    chosen = Counter(choose([60, 30, 0, 10], draw("variant", each)) for each in IDS)
    assert chosen.keys() == {0, 1, 3}
    for place, share in ((0, 0.6), (1, 0.3), (3, 0.1)):
        assert abs(chosen[place] / len(IDS) - share) < 0.04


@given(WEIGHTS, DRAWS)
def test_variant_without_weight_is_nobodys(weights: list[float], drawn: float) -> None:
    if sum(weights) == 0:
        with pytest.raises(ValueError, match="zero"):
            choose(weights, drawn)
    else:
        assert weights[choose(weights, drawn)] > 0


@given(st.integers(1, 10**6), st.data())
def test_rate_lies_within_its_interval(of: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, of))
    low, high = interval(successes, of)
    assert 0 <= low <= successes / of <= high <= 1
    assert low < high


def test_interval_is_wilsons() -> None:
    # Newcombe 1998, table I
    assert interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=0.0001)
    assert interval(0, 20) == pytest.approx((0, 0.1611), abs=0.0001)


@given(results())
def test_at_most_one_wins_and_it_is_the_best_of_those_that_compete(
    results: list[VariantResult],
) -> None:
    verdicts = judge(results)
    assert [verdict.name for verdict in verdicts] == [each.name for each in results]
    for verdict, result in zip(verdicts, results, strict=True):
        if result.sent:
            assert verdict.rate == result.successes / result.sent
        else:
            assert (verdict.rate, verdict.low, verdict.high) == (None, None, None)
    won = [place for place, verdict in enumerate(verdicts) if verdict.winner]
    assert len(won) <= 1
    for place in won:
        competing = [verdicts[i].rate or 0 for i, each in enumerate(results) if each.competes]
        assert results[place].competes
        assert sorted(competing)[-2:].count(verdicts[place].rate or 0) == 1


@given(results(), st.randoms(use_true_random=False))
def test_order_of_the_variants_decides_nothing(
    results: list[VariantResult], random: Random
) -> None:
    shuffled = random.sample(results, len(results))
    assert set(winners(results)) == set(winners(shuffled))


@pytest.mark.parametrize(
    "results",
    [
        pytest.param(of(), id="none"),
        pytest.param(of((5000, 2000)), id="alone"),
        pytest.param(of((5000, 2000), (0, 0)), id="not yet tried"),
        pytest.param(of((0, 0), (0, 0)), id="nothing sent"),
        pytest.param(of((5, 5), (5, 0)), id="a handful"),
        pytest.param(of((5000, 0), (5000, 0)), id="no success"),
        pytest.param(of((5000, 5000), (5000, 5000)), id="nothing but successes"),
        pytest.param(of((5000, 1000), (5000, 1000)), id="a tie"),
        pytest.param(of((1000, 200), (1000, 220)), id="a small difference"),
        # At a fixed sample size 5 % would be reached: z is 2.2.
        pytest.param(of((1000, 200), (1000, 241)), id="would do if one looked once"),
        pytest.param(of((5000, 1000), (5000, 1400), (5000, 1400)), id="two best"),
        pytest.param(of((5000, 1), (5000, 9)), id="too rare to be told from chance"),
    ],
)
def test_numbers_that_support_no_winner_name_none(results: list[VariantResult]) -> None:
    assert winners(results) == []


@pytest.mark.parametrize(
    ("results", "winner"),
    [
        (of((1000, 200), (1000, 280)), "B"),
        (of((4000, 1000), (400, 40)), "A"),
        (of((5000, 1000), (5000, 1400), (5000, 1100)), "B"),
    ],
)
def test_numbers_that_support_a_winner_name_it(results: list[VariantResult], winner: str) -> None:
    assert winners(results) == [winner]


def test_variant_that_nobody_gets_any_more_neither_wins_nor_hinders() -> None:
    gone = VariantResult("gone", 3000, 2900, competes=False)
    assert winners([*of((1000, 200), (1000, 280)), gone]) == ["B"]


@pytest.mark.parametrize(("variants", "rate"), [(2, 0.05), (2, 0.3), (2, 0.5), (4, 0.2)])
def test_equal_variants_have_a_false_winner_in_one_test_of_twenty_at_most_though_one_looks_every_day(
    variants: int, rate: float
) -> None:
    random, tests = Random(20260101), 150
    false = 0
    for _ in range(tests):
        sent, successes = 0, [0] * variants
        for _ in range(60):
            sent += 30
            for place in range(variants):
                successes[place] += sum(random.random() < rate for _ in range(30))
            if winners(of(*((sent, each) for each in successes))):
                false += 1
                break
    assert false / tests <= 0.05


def test_better_variant_is_found() -> None:
    random = Random(20260102)
    found = 0
    for _ in range(30):
        sent, successes = 0, [0, 0]
        while sent < 3000 and not winners(of(*((sent, each) for each in successes))):
            sent += 100
            for place, rate in enumerate((0.20, 0.28)):
                successes[place] += sum(random.random() < rate for _ in range(100))
        found += winners(of(*((sent, each) for each in successes))) == ["B"]
    assert found >= 28

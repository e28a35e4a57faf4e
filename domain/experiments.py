"""Tests of variants: who gets which, what the results say, and when they say that one is the best."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from itertools import accumulate
from math import log, sqrt
from typing import Final
from uuid import UUID

ALPHA: Final = 0.05
"""How often a test of variants that are all the same may name a winner, however often one looks."""

MIN_EXPECTED: Final = 10
"""Successes, and failures, that each variant must lead one to expect, or the normal approximation is too rough."""

_Z95: Final = 1.959964
_EFFECT: Final = 0.2
"""A small effect, in standard deviations of one outcome (Cohen 1988): what the test looks for."""


class Metric(StrEnum):
    """What a variant is to bring about, by a person's hand: machines' opens and clicks do not count."""

    OPENED = "opened"
    CLICKED = "clicked"
    REPLIED = "replied"


def draw(purpose: str, *ids: UUID) -> float:
    """A number in [0, 1): for the same ids always the same, in every process, and for others unrelated to it.

    `purpose` of at most 16 characters keeps apart what is drawn for the same ids.
    """
    joined = b"".join(each.bytes for each in ids)
    digest = blake2b(joined, digest_size=8, person=purpose.encode()).digest()
    return (int.from_bytes(digest) >> 11) / 2**53


def choose(weights: Sequence[float], drawn: float) -> int:
    """Which of these, by their weights, one gets who has drawn a number in [0, 1). Not one of weight 0.

    Raises:
        ValueError: nothing has a weight.
    """
    total = sum(weights)
    if total <= 0:
        raise ValueError("the weights are all zero")
    weighty = [index for index, weight in enumerate(weights) if weight > 0]
    bounds = accumulate(weights[index] for index in weighty)
    reached = (index for index, bound in zip(weighty, bounds, strict=True) if drawn * total < bound)
    # The sum of floats may fall short of their total.
    return next(reached, weighty[-1])


def interval(successes: int, of: int) -> tuple[float, float]:
    """Where a rate lies with 95 % confidence (Wilson 1927): sensible for few, and for none or all of them."""
    rate, z2 = successes / of, _Z95**2
    middle = (rate + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z95 * sqrt(rate * (1 - rate) / of + z2 / (4 * of**2)) / (1 + z2 / of)
    return max(0.0, min(middle - half, rate)), min(1.0, max(middle + half, rate))


@dataclass(frozen=True, slots=True)
class VariantResult:
    """How a variant fares: `sent` less what bounced, and how many of those had the success that the test is for.

    One that does not `compete`, since nobody gets it any more, is neither a winner nor in the way of one.
    """

    name: str
    sent: int
    successes: int
    competes: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """A variant's rate with its 95 % interval, None where nothing was sent, and whether it has won."""

    name: str
    rate: float | None
    low: float | None
    high: float | None
    winner: bool


def judge(results: Sequence[VariantResult]) -> Sequence[Verdict]:
    """What the results say of each variant, in their order. At most one is the winner, if the numbers support it.

    The test. The variant with the highest rate has won if it beats each other one that competes, in a
    two-proportion test with the pooled rate. People look at results every day, and a test at a fixed sample
    size that is looked at again and again finds a winner sooner or later where there is none. So this is a
    sequential one: the mixture sequential probability ratio test (Robbins 1970; Johari, Pekelis and Walsh,
    "Peeking at A/B tests", 2017), whose level of 5 % holds for all looks together. It takes about twice as many
    sends as a test that is looked at once. With k variants each comparison is made at 5 % / (k - 1) (Bonferroni):
    a variant that is not the best can win only by beating the best, so k - 1 comparisons bound the error.

    It assumes that contacts answer independently of each other; that chance decides who gets which variant,
    at weights that stay as they are, so that no variant has more of its sends in a better week, or more that are
    too young to have been answered; that what a variant says does not change under its name; and that the
    normal approximation holds, for which every variant that competes must lead one to expect at least
    `MIN_EXPECTED` successes and as many failures.
    """
    best = _best([each for each in results if each.competes])
    return [_verdict(each, is_winner=each is best) for each in results]


def _verdict(result: VariantResult, *, is_winner: bool) -> Verdict:
    if not result.sent:
        return Verdict(result.name, None, None, None, winner=False)
    low, high = interval(result.successes, result.sent)
    return Verdict(result.name, result.successes / result.sent, low, high, is_winner)


def _best(results: Sequence[VariantResult]) -> VariantResult | None:
    if len(results) < 2 or not all(each.sent for each in results):
        return None
    pooled = sum(each.successes for each in results) / sum(each.sent for each in results)
    if min(each.sent for each in results) * min(pooled, 1 - pooled) < MIN_EXPECTED:
        return None
    best = max(results, key=lambda each: each.successes / each.sent)
    alpha = ALPHA / (len(results) - 1)
    others = [each for each in results if each is not best]
    return best if all(_beats(best, other, alpha) for other in others) else None


def _beats(best: VariantResult, other: VariantResult, alpha: float) -> bool:
    """Whether the likelihood ratio of "they differ" to "they are the same" exceeds 1 / alpha.

    `size` is the sample that two groups of these sizes are worth; the difference that the alternative expects
    is normal with a standard deviation of `_EFFECT`.
    """
    pooled = (best.successes + other.successes) / (best.sent + other.sent)
    variance = pooled * (1 - pooled)
    difference = best.successes / best.sent - other.successes / other.sent
    if variance == 0 or difference <= 0:
        return False
    size = best.sent * other.sent / (best.sent + other.sent)
    z2 = difference**2 * size / variance
    known = size * _EFFECT**2
    return z2 * known / (2 * (1 + known)) - log(1 + known) / 2 > log(1 / alpha)

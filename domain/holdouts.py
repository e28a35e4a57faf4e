"""Holdouts: a share of the contacts gets nothing of a campaign, so that what the campaign brings about can be read."""

from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from uuid import UUID

from domain.experiments import draw, interval


def is_held_out(contact_id: UUID, campaign_id: UUID, percent: int) -> bool:
    """Whether this contact is one of the `percent` that get nothing of the campaign.

    Always the same for a contact and a campaign. A higher share holds out the same contacts and more.
    """
    return draw("holdout", contact_id, campaign_id) * 100 < percent


@dataclass(frozen=True, slots=True)
class Arm:
    """One side of the comparison: how many contacts, how many of them reached the goal, and what they spent."""

    enrolled: int
    goals_achieved: int
    revenue: Decimal

    @property
    def goal_rate(self) -> float | None:
        """The share that reached the goal, None of nobody."""
        return self.goals_achieved / self.enrolled if self.enrolled else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Those who got the campaign beside those who were held out."""

    treated: Arm
    holdout: Arm

    @property
    def lift(self) -> float | None:
        """By how much of the holdout's goal rate the others' is higher: 0.25 where 10 % become 12.5 %.

        None where that cannot be said, as nobody is on one of the sides, or nobody of the holdout reached the goal.
        """
        treated, holdout = self.treated.goal_rate, self.holdout.goal_rate
        return None if treated is None or not holdout else treated / holdout - 1

    @property
    def difference(self) -> tuple[float, float, float] | None:
        """The one goal rate less the other, and between what it lies with 95 % confidence; None without a side.

        Where 0 lies between the two, the campaign may have brought about nothing. Newcombe's interval (1998,
        method 10), built of Wilson's. It assumes that contacts reach goals independently of each other, and one look.
        """
        one, other = self.treated, self.holdout
        if one.goal_rate is None or other.goal_rate is None:
            return None
        low, high = interval(one.goals_achieved, one.enrolled)
        other_low, other_high = interval(other.goals_achieved, other.enrolled)
        difference = one.goal_rate - other.goal_rate
        return (
            difference,
            difference - sqrt((one.goal_rate - low) ** 2 + (other_high - other.goal_rate) ** 2),
            difference + sqrt((high - one.goal_rate) ** 2 + (other.goal_rate - other_low) ** 2),
        )

    def report(self) -> "HoldoutReport":
        """The comparison as people look at it."""
        holdout, treated = self.holdout, self.treated
        difference, low, high = self.difference or (None, None, None)
        return HoldoutReport(
            enrolled=holdout.enrolled,
            goals_achieved=holdout.goals_achieved,
            goal_rate=holdout.goal_rate,
            revenue=holdout.revenue,
            lift=self.lift,
            difference=difference,
            low=low,
            high=high,
            treated=Treated(
                enrolled=treated.enrolled,
                goals_achieved=treated.goals_achieved,
                goal_rate=treated.goal_rate,
                revenue=treated.revenue,
            ),
        )


@dataclass(frozen=True, slots=True)
class Treated:
    """Those who got the campaign, measured as the holdout is."""

    enrolled: int
    goals_achieved: int
    goal_rate: float | None
    revenue: Decimal


@dataclass(frozen=True, slots=True)
class HoldoutReport:
    """Those who were held out, and how much better those did who got the campaign (`treated`).

    Of both sides count goals and revenue within the attribution window after they were enrolled, whoever touched
    them last. `lift` is by how much of the holdout's goal rate the other is higher, `difference` the one rate less
    the other, with its 95 % interval from `low` to `high`. Null where a side is empty, or the holdout's rate is 0.
    """

    enrolled: int
    goals_achieved: int
    goal_rate: float | None
    revenue: Decimal
    lift: float | None
    difference: float | None
    low: float | None
    high: float | None
    treated: Treated

"""Tests of variants: what their results say, and letting the best one go to everybody."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from db.experiments import VariantCounts, count_variants, record_winner, undecided_tests
from db.session import Session
from db.steps import rule_step
from domain.experiments import Metric, VariantResult, Verdict, judge
from domain.flow import Step
from domain.message_configs import SendEmail, SendSms

_log = structlog.get_logger(__name__)


def verdicts(step: Step, counts: Sequence[VariantCounts]) -> Sequence[Verdict]:
    """What the results of a step say of each variant that was sent, or that is there to be sent.

    One that nobody gets any more, since it was taken out or has no weight, does not compete. The winner is the one
    that was chosen to go to everybody, if one was: what was sent after that compares nothing.
    """
    config = step.config
    if not isinstance(config, SendEmail | SendSms):
        return []
    counted = {each.name: each for each in counts}
    weights = {variant.name: variant.weight for variant in config.tested}
    judged = judge(
        [
            _result(name, counted.get(name), config.judged_by, competes=weights.get(name, 0) > 0)
            for name in dict.fromkeys((*weights, *counted))
        ]
    )
    if step.winner is None:
        return judged
    return [replace(each, winner=each.name == step.winner) for each in judged]


async def choose_winners(session: Session, now: datetime) -> int:
    """Let the best variant go to everybody, of each test that asks for it and has one; how many they were."""
    steps = await undecided_tests(session)
    counts = await count_variants(session, [step.id for step in steps]) if steps else {}
    chosen = 0
    for step in steps:
        found = verdicts(rule_step(step), counts.get(step.id, ()))
        best = next((each.name for each in found if each.winner), None)
        if best and await record_winner(session, step, best, now):
            chosen += 1
            _log.info("a variant has won", step=str(step.id), variant=best)
    return chosen


def _result(
    name: str, counts: VariantCounts | None, metric: Metric, *, competes: bool
) -> VariantResult:
    if counts is None:
        return VariantResult(name, 0, 0, competes)
    # A success without arrival is one more than there can be.
    sent = counts.sent - counts.bounced
    return VariantResult(name, sent, min(getattr(counts, metric), sent), competes)

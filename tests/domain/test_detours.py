"""What an edit gives to those on their way, and what it takes from them."""

from dataclasses import replace
from uuid import UUID

from domain.detours import ahead, who_gets, who_misses
from domain.enums import Branch, StepType
from domain.flow import Flow, Step


def step(number: int, order: int, **fields: object) -> Step:
    made = Step(UUID(int=number), StepType.WAIT, order, {})
    return replace(made, **fields)  # type: ignore[arg-type] # whatever a test says


def flow(*steps: Step) -> Flow:
    return Flow(steps)


ONE, TWO, THREE = UUID(int=1), UUID(int=2), UUID(int=3)
LINE = flow(step(1, 1), step(2, 2), step(3, 3))


def test_steps_ahead_are_the_own_one_and_what_follows() -> None:
    assert ahead(LINE, [TWO]) == {TWO: {TWO, THREE}}


def test_who_waits_at_a_deleted_step_has_the_next_ahead() -> None:
    gone = flow(step(1, 1), step(2, 1, is_deleted=True), step(3, 2))
    assert ahead(gone, [TWO]) == {TWO: {THREE}}


def test_unknown_step_has_nothing_ahead() -> None:
    assert ahead(LINE, [UUID(int=9)]) == {UUID(int=9): frozenset()}


def test_both_branches_lie_ahead_of_a_conditional() -> None:
    forked = flow(
        step(1, 1, step_type=StepType.CONDITIONAL),
        step(2, 1, parent_step_id=ONE, branch=Branch.TRUE),
        step(3, 2),
    )
    assert ahead(forked, [ONE, TWO]) == {ONE: {ONE, TWO, THREE}, TWO: {TWO, THREE}}


def test_steps_that_go_round_end() -> None:
    loop = flow(step(1, 1), step(2, 2, step_type=StepType.CONDITIONAL, true_path_step_id=ONE))
    assert ahead(loop, [TWO]) == {TWO: {ONE, TWO}}


def test_new_step_is_for_those_before_it() -> None:
    longer = flow(step(1, 1), step(9, 2), step(2, 3), step(3, 4))
    assert who_gets(LINE, longer, {ONE: 5, TWO: 3}) == 5
    assert who_misses(LINE, longer, {ONE: 5, TWO: 3}) == 0


def test_step_moved_ahead_of_somebody_is_not_new() -> None:
    """Who has done it does not do it again."""
    moved = flow(step(2, 1), step(1, 2), step(3, 3))
    assert who_gets(LINE, moved, {TWO: 3}) == 0


def test_step_moved_behind_somebody_is_missed() -> None:
    moved = flow(step(3, 1), step(1, 2), step(2, 3))
    assert who_misses(LINE, moved, {ONE: 5, TWO: 3, THREE: 2}) == 8


def test_deleted_step_is_missed_by_those_who_had_not_passed_it() -> None:
    shorter = flow(step(1, 1), step(2, 1, is_deleted=True), step(3, 2))
    assert who_misses(LINE, shorter, {ONE: 5, TWO: 3, THREE: 2}) == 8

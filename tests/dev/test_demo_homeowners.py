"""What the homeowners of `make demo` do hangs on names in the demo's data."""

import pytest

from dev.demo_data import CONTACTS, STEPS
from dev.demo_homeowners import HABITS, Deed, Habit
from dev.sandbox.deeds import DEEDS


@pytest.mark.parametrize(("who", "habit"), HABITS.items())
def test_habit_belongs_to_a_message_that_the_homeowner_gets(
    who: tuple[str, str], habit: Habit
) -> None:
    name, step = who
    [contact] = [each for each in CONTACTS if each["first_name"] == name]
    is_text = STEPS[step]["step_type"] == "send_sms"
    assert contact["phone" if is_text else "email"]
    for deed in habit.does:
        if isinstance(deed, Deed):
            DEEDS[deed.path].body.model_validate(deed.body)

"""`make demo` without a stack that answers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dev.demo import NO_STACK
from dev.ports import free_port

REPOSITORY = Path(__file__).parents[2]


def run_demo(data: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    unset = ("TEMPORAL_ADDRESS", "DATABASE_URL", "RESEND_API_KEY", "TWILIO_ACCOUNT_SID")
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    return subprocess.run(
        [sys.executable, "-m", "dev.demo"],
        env={**environment, "CAMPAIGNS_DATA_DIR": str(data), **variables},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_demo_without_a_stack_says_so(tmp_path: Path) -> None:
    done = run_demo(tmp_path)
    assert (done.returncode, done.stderr.strip()) == (1, NO_STACK)


@pytest.mark.parametrize("temporal_lives", [False, True])
def test_demo_on_a_stack_that_crashed_says_the_same(
    tmp_path: Path, temporal_address: str, *, temporal_lives: bool
) -> None:
    address = temporal_address if temporal_lives else f"127.0.0.1:{free_port()}"
    (tmp_path / "stack.env").write_text(f"TEMPORAL_ADDRESS={address}\n")
    done = run_demo(tmp_path, CAMPAIGNS_PORT=str(free_port()))
    assert (done.returncode, done.stderr.strip()) == (1, NO_STACK)

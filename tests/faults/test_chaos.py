"""The harness of `make chaos`, for seconds instead of minutes."""

from contextlib import suppress
from pathlib import Path

import psutil

from dev.chaos.ordeal import Ordeal, table, undergo

BRIEF = Ordeal(seed=1613, seconds=5, enrollments=12, delay_minutes=0)
"""Its faults: PostgreSQL dies, then the worker."""


async def test_brief_ordeal_keeps_every_promise_and_leaves_no_process(tmp_path: Path) -> None:
    said: list[str] = []

    report = await undergo(BRIEF, tmp_path, said.append)

    assert report.verdict.problems == []
    assert report.monkey.kills == {"postgres": 1, "worker": 1}
    assert report.verdict.endings.total() == BRIEF.enrollments
    assert report.verdict.messages > BRIEF.enrollments
    assert any("kill -9 worker" in line for line in said)
    assert any(line.split() == ["seed", "1613"] for line in table(report))
    assert running_on(tmp_path) == []


def running_on(directory: Path) -> list[str]:
    """The programs that were started with this directory, whoever their parent is by now."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            known_by = [*process.cmdline(), *process.environ().values()]
            if any(str(directory) in each for each in known_by):
                found.append(" ".join(process.cmdline()))
    return found

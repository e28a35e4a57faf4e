import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from dev.process import ProcessSpec, StackError, end_leftovers
from dev.supervisor import Supervisor

REPOSITORY = Path(__file__).parents[2]

SLEEPS = "import time; time.sleep(600)"
HAS_A_CHILD = f"""
import subprocess, sys
from pathlib import Path
child = subprocess.Popen([sys.executable, "-c", {SLEEPS!r}])
Path("child.pid").write_text(str(child.pid))
child.wait()
"""
LEAVES_A_NOTE = """
import signal, sys, time
from pathlib import Path
name = sys.argv[1]
def leave(*_):
    time.sleep(0.2)
    with Path("left").open("a") as file:
        print(name, file=file)
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
Path(f"{name}.ready").touch()
time.sleep(600)
"""


def python(name: str, code: str, directory: Path, *arguments: str, **more: object) -> ProcessSpec:
    command = (sys.executable, "-c", code, *arguments)
    return ProcessSpec(name=name, command=command, directory=directory, **more)  # type: ignore[arg-type]  # forwarded


def pid_of(name: str, directory: Path) -> int:
    record: dict[str, int] = json.loads((directory / f"run/{name}.pid").read_text())
    return record["pid"]


def is_alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


async def eventually(condition: Callable[[], bool], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # another process makes it true
            await asyncio.sleep(0.02)


async def test_killed_program_starts_again(tmp_path: Path) -> None:
    said: list[str] = []
    async with Supervisor(tmp_path, said.append) as supervisor:
        await supervisor.start(python("worker", SLEEPS, tmp_path))
        first = pid_of("worker", tmp_path)
        os.kill(first, signal.SIGKILL)
        pid_file = tmp_path / "run/worker.pid"
        await eventually(lambda: pid_file.exists() and pid_of("worker", tmp_path) != first)
        assert is_alive(pid_of("worker", tmp_path))
    assert said[0] == "worker ended (SIGKILL); it starts again in 0.2 s"


async def test_killed_program_leaves_none_of_its_children(tmp_path: Path) -> None:
    async with Supervisor(tmp_path, lambda _: None) as supervisor:
        mark = tmp_path / "child.pid"
        ready = {"is_ready": lambda: mark.exists() and mark.read_text() != ""}
        await supervisor.start(python("api", HAS_A_CHILD, tmp_path, **ready))
        child = int(mark.read_text())
        assert is_alive(child)
        os.kill(pid_of("api", tmp_path), signal.SIGKILL)
        await eventually(lambda: not is_alive(child))


async def test_programs_stop_in_reverse_order_each_with_time_to_finish(tmp_path: Path) -> None:
    async with Supervisor(tmp_path, lambda _: None) as supervisor:
        for name in ("temporal", "worker", "api"):
            ready = (tmp_path / f"{name}.ready").exists
            await supervisor.start(python(name, LEAVES_A_NOTE, tmp_path, name, is_ready=ready))
    assert (tmp_path / "left").read_text().split() == ["api", "worker", "temporal"]


async def test_program_that_will_not_leave_is_killed(tmp_path: Path) -> None:
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "open('deaf', 'w').close(); time.sleep(600)"
    )
    ready = (tmp_path / "deaf").exists
    async with Supervisor(tmp_path, lambda _: None) as supervisor:
        spec = python("worker", deaf, tmp_path, is_ready=ready, stop_seconds=0.3)
        await supervisor.start(spec)
        pid = pid_of("worker", tmp_path)
    assert not is_alive(pid)


async def test_program_that_keeps_dying_is_reported_with_the_end_of_its_log(tmp_path: Path) -> None:
    spec = python("api", "raise SystemExit('no such table')", tmp_path, is_ready=lambda: False)
    with pytest.raises(StackError, match=r"api keeps dying(.|\n)*no such table"):
        async with Supervisor(tmp_path, lambda _: None) as supervisor:
            await supervisor.start(spec)


async def test_failed_step_is_reported_with_the_end_of_its_log(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"migrate failed(.|\n)*lock timeout"):
        async with Supervisor(tmp_path, lambda _: None) as supervisor:
            await supervisor.run(python("migrate", "raise SystemExit('lock timeout')", tmp_path))


async def test_only_trouble_is_shown_and_everything_is_logged(tmp_path: Path) -> None:
    chatty = """
import time
print("INFO all is well")
print("WARNING the queue is long", flush=True)
try:
    1 / 0
except ZeroDivisionError:
    import traceback; traceback.print_exc()
time.sleep(600)
"""
    said: list[str] = []
    async with Supervisor(tmp_path, said.append) as supervisor:
        await supervisor.start(python("worker", chatty, tmp_path))
        await eventually(lambda: any("ZeroDivisionError: " in line for line in said))
    shown = "\n".join(said)
    assert "   worker | WARNING the queue is long" in shown
    assert re.search(r"Traceback.*\n.*line 6, in <module>", shown)
    assert "all is well" not in shown
    assert "all is well" in (tmp_path / "logs/worker.log").read_text()


async def test_error_in_a_json_line_is_shown_by_its_event_and_its_last_line(tmp_path: Path) -> None:
    code = """
import time
from services.logs import configure_logs
import logging, structlog
configure_logs()
try:
    raise ValueError("no such step")
except ValueError:
    structlog.get_logger("a").exception("attempt failed")
logging.getLogger("b").warning("the queue is long")
print('{"a": "WARNING, no event"}', flush=True)
time.sleep(600)
"""
    said: list[str] = []
    async with Supervisor(tmp_path, said.append) as supervisor:
        await supervisor.start(python("worker", code, REPOSITORY))
        await eventually(lambda: len(said) == 3)
    assert said[:3] == [
        "   worker | attempt failed: ValueError: no such step",
        "   worker | the queue is long",
        '   worker | {"a": "WARNING, no event"}',
    ]
    assert "Traceback" in (tmp_path / "logs/worker.log").read_text()


SUPERVISED = """
import asyncio, sys
from pathlib import Path
from dev.process import ProcessSpec
from dev.supervisor import Supervisor, run_until_told

async def body():
    async with Supervisor(Path(sys.argv[1])) as supervisor:
        for name in ("one", "two"):
            command = (sys.executable, "-c", "import time; time.sleep(600)")
            await supervisor.start(ProcessSpec(name=name, command=command))
        print("started", flush=True)
        await supervisor.forever()

run_until_told(body())
"""


def start_supervisor(directory: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SUPERVISED), str(directory)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_stops_everything_without_an_error(tmp_path: Path, number: signal.Signals) -> None:
    with start_supervisor(tmp_path) as supervisor:
        pids = [pid_of(name, tmp_path) for name in ("one", "two")]
        assert all(is_alive(pid) for pid in pids)
        supervisor.send_signal(number)
        assert supervisor.wait(10) == 0
    assert not any(is_alive(pid) for pid in pids)
    assert list((tmp_path / "run").iterdir()) == []


def test_programs_of_a_killed_supervisor_are_ended_by_the_next(tmp_path: Path) -> None:
    with start_supervisor(tmp_path) as supervisor:
        pids = [pid_of(name, tmp_path) for name in ("one", "two")]
        supervisor.kill()
    assert all(is_alive(pid) for pid in pids)

    end_leftovers(tmp_path)

    assert not any(is_alive(pid) for pid in pids)


def test_program_that_got_the_number_of_a_leftover_is_left_alone(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", SLEEPS], start_new_session=True) as stranger:
        (tmp_path / "run").mkdir()
        record = {"pid": stranger.pid, "started": time.time() - 3600, "signal": 15}
        (tmp_path / "run/api.pid").write_text(json.dumps(record))

        end_leftovers(tmp_path)

        assert stranger.poll() is None
        stranger.kill()

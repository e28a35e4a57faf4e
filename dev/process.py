"""A program that runs beside us: how it starts, when it is ready, how it ends.

Every program gets a process group of its own, so that Ctrl-C reaches only the one who stops the
rest in order, and so that nothing of a group outlives its leader. A pid file remembers it for
the case that we are killed ourselves.
"""

import json
import os
import pwd
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

LEFTOVER_SECONDS = 5
TROUBLE = re.compile(
    r"\b(WARN(ING)?|ERROR|CRITICAL|FATAL|PANIC|Traceback|\w+Error)\b", re.IGNORECASE
)


class StackError(Exception):
    """What went wrong with a program, in words for the person at the terminal."""


@dataclass(frozen=True, kw_only=True)
class ProcessSpec:
    """A program and the manners it wants.

    Attributes:
        name: Short and unique; names the log and the pid file.
        command: The program's path and its arguments.
        environment: All of its environment variables.
        directory: Its working directory.
        user: The system user to run as, where we are root and the program refuses that.
        prepare: Called before each start; may raise `StackError`.
        is_ready: Whether it does its work now; may block for a second.
        shows: The log lines that a person should see at once.
        stop_signal: Asks it to finish what it is doing and leave.
        stop_seconds: How long that may take before it is killed.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    directory: Path = field(default_factory=Path.cwd)
    user: str | None = None
    prepare: Callable[[], None] = lambda: None
    is_ready: Callable[[], bool] = lambda: True
    shows: re.Pattern[str] = TROUBLE
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 10


class Process:
    """One running copy of a program, its log and its pid file.

    Args:
        spec: The program.
        directory: Where `logs/<name>.log` and `run/<name>.pid` go.
    """

    def __init__(self, spec: ProcessSpec, directory: Path) -> None:
        self.spec = spec
        self.log = directory / "logs" / f"{spec.name}.log"
        self._pid_file = directory / "run" / f"{spec.name}.pid"
        self._popen: subprocess.Popen[bytes] | None = None
        self._read = 0
        self._showing = False
        for path in (self.log, self._pid_file):
            path.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))

    def start(self) -> None:
        """Start it, without waiting until it is ready.

        Raises:
            StackError: `prepare` found a reason why it cannot run.
        """
        self.spec.prepare()
        with self.log.open("ab") as log:
            self._popen = subprocess.Popen(
                self.spec.command,
                env=self.spec.environment,
                cwd=self.spec.directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=self.spec.user,
                group=pwd.getpwnam(self.spec.user).pw_gid if self.spec.user else None,
                extra_groups=[] if self.spec.user else None,
            )
        with suppress(psutil.NoSuchProcess):
            self._remember(self._popen.pid)

    def _remember(self, pid: int) -> None:
        record = {
            "pid": pid,
            "started": psutil.Process(pid).create_time(),
            "signal": self.spec.stop_signal.value,
        }
        draft = self._pid_file.with_suffix(".new")
        draft.write_text(json.dumps(record))
        draft.replace(self._pid_file)

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative for the signal that ended it."""
        return self._popen.poll() if self._popen else 0

    def wait(self) -> int:
        """Block until it ends by itself; its exit code."""
        return self._popen.wait() if self._popen else 0

    def wait_until_ready(self, seconds: float = 60) -> None:
        """Block until it does its work.

        Raises:
            StackError: It ended, or time ran out; the error quotes the end of its log.
        """
        deadline = time.monotonic() + seconds
        while not self.spec.is_ready():
            if self.exit_code is not None or time.monotonic() > deadline:
                raise StackError(self.obituary("did not start"))
            time.sleep(0.05)

    def stop(self) -> None:
        """Ask it to leave, wait, then kill what is left of its group."""
        if self._popen is None:
            return
        if self._popen.poll() is None:
            self._popen.send_signal(self.spec.stop_signal)
            with suppress(subprocess.TimeoutExpired):
                self._popen.wait(self.spec.stop_seconds)
        self.kill()

    def kill(self) -> None:
        """End the whole group at once, and wait until its leader is gone."""
        if self._popen is not None:
            _signal_group(self._popen.pid, signal.SIGKILL)
            self._popen.wait()
        self._pid_file.unlink(missing_ok=True)

    def news(self) -> Iterator[str]:
        """The lines logged since the last call that a person should see.

        A traceback is shown whole, but of one in a JSON line only its end: the log keeps the rest.
        """
        with self.log.open("rb") as log:
            log.seek(self._read)
            lines = log.read().splitlines(keepends=True)
        if lines and not lines[-1].endswith(b"\n"):
            lines.pop()
        self._read += sum(map(len, lines))
        for raw in lines:
            line = raw.decode(errors="replace").rstrip()
            continues = self._showing and line[:1].isspace()
            self._showing = continues or bool(self.spec.shows.search(line))
            if self._showing:
                yield _short(line)

    def obituary(self, what: str) -> str:
        """`what` happened to it, and the last that it had to say."""
        last = self.log.read_text(errors="replace").splitlines()[-15:] if self.log.exists() else []
        return "\n".join([f"{self.spec.name} {what}. The end of {self.log}:", *last])


def _short(line: str) -> str:
    """Of a log line in JSON, as our programs write them, the event and the last line of its error."""
    try:
        record = json.loads(line)
        event = record["event"]
    except (ValueError, TypeError, KeyError):
        return line
    error = str(record.get("exception", "")).strip().rpartition("\n")[2]
    return ": ".join(part for part in (str(event), error) if part)


def end_leftovers(directory: Path) -> None:
    """End the programs of a supervisor that was killed itself, the newest first."""
    files = list((directory / "run").glob("*.pid"))
    records = [json.loads(file.read_text()) for file in files]
    for record in sorted(records, key=lambda each: -each["started"]):
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(record["pid"])
            # Another program may have been given the number since.
            if abs(process.create_time() - record["started"]) < 1:
                process.send_signal(record["signal"])
                _wait_for_stranger(process, LEFTOVER_SECONDS)
                _signal_group(record["pid"], signal.SIGKILL)
    for file in files:
        file.unlink()


def _wait_for_stranger(process: psutil.Process, seconds: float) -> None:
    # Not `process.wait`: in a container nobody may take note of the dead, and it waits for that.
    deadline = time.monotonic() + seconds
    with suppress(psutil.NoSuchProcess):
        while process.status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
            time.sleep(0.05)


def _signal_group(leader: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):  # macOS answers the latter for a dead one
        os.killpg(leader, number)


class Server:
    """A program with a specification that can also run alone, as tests want it.

    Args:
        spec: The program.
        directory: Where its log goes when it runs alone.
    """

    def __init__(self, spec: ProcessSpec, directory: Path) -> None:
        self.spec = spec
        self._directory = directory
        self._process: Process | None = None

    def start(self) -> None:
        """Start it and wait until it is ready.

        Raises:
            StackError: It did not become ready.
        """
        self._process = Process(self.spec, self._directory)
        self._process.start()
        try:
            self._process.wait_until_ready()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop it and wait until it is gone."""
        if self._process is not None:
            self._process.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

"""Programs that can be killed."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from itertools import count
from pathlib import Path

import worker
from dev.process import Process, Server

REPOSITORY = Path(worker.__file__).parent
_number = count(1)


class Killable:
    """A server that is killed and comes back on the same port with what it had on disk."""

    def __init__(self, server: Server, directory: Path) -> None:
        self._process = Process(server.spec, directory)

    async def start(self) -> None:
        await asyncio.to_thread(self._process.start)
        await asyncio.to_thread(self._process.wait_until_ready)

    async def kill(self) -> None:
        await asyncio.to_thread(self._process.kill)

    async def stop(self) -> None:
        await asyncio.to_thread(self._process.stop)


class WorkerProcess:
    """`python worker.py`, ready once it is started."""

    def __init__(self, environment: Mapping[str, str], directory: Path) -> None:
        self.log = directory / f"worker-{next(_number)}.log"
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        self._process = self._launch()
        async with asyncio.timeout(60):
            while b"worker ready" not in self.log.read_bytes():
                assert self._process.poll() is None, self.log.read_text()
                await asyncio.sleep(0.05)

    def _launch(self) -> subprocess.Popen[bytes]:
        with self.log.open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "worker.py"],
                env=self._environment,
                cwd=REPOSITORY,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def kill(self) -> None:
        """End it without a chance to do anything more."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def freeze(self) -> None:
        """Let it stand still in the middle of what it does."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on, as if no time had passed."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process
        os.kill(self._process.pid, number)

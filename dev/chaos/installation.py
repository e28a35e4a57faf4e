"""The whole product, as `make run` starts it, in a directory and on ports of its own."""

import asyncio
import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import psutil

from dev.ports import LOCALHOST, free_port
from dev.process import Process, ProcessSpec, StackError, end_leftovers
from dev.stack import REPOSITORY

START_SECONDS = 90
STOP_SECONDS = 90
"""All programs in turn; a worker has half a minute for what it is doing."""


class Installation:
    """A stack that is supervised: what is killed comes back. Use it as an async context manager.

    PostgreSQL is durable, and Temporal keeps its state in a file, as with `make run`.

    Args:
        home: An empty directory for data and logs.
    """

    def __init__(self, home: Path) -> None:
        self._data = home / "data"
        self._ports = {
            name: free_port()
            for name in ("CAMPAIGNS_PORT", "TEMPORAL_PORT", "TEMPORAL_UI_PORT", "SANDBOX_PORT")
        }
        spec = ProcessSpec(
            name="stack",
            command=(sys.executable, "-m", "dev.stack"),
            # None of a person's own variables: they may name servers that are in use.
            environment={
                "PATH": os.environ["PATH"],
                "CAMPAIGNS_DATA_DIR": str(self._data),
                **{name: str(port) for name, port in self._ports.items()},
            },
            directory=REPOSITORY,
            is_ready=self._is_up,
            stop_seconds=STOP_SECONDS,
        )
        self._stack = Process(spec, home)

    @property
    def api_url(self) -> str:
        """The API."""
        return f"http://{LOCALHOST}:{self._ports['CAMPAIGNS_PORT']}"

    @property
    def sandbox_url(self) -> str:
        """The providers."""
        return f"http://{LOCALHOST}:{self._ports['SANDBOX_PORT']}"

    @property
    def temporal_address(self) -> str:
        """The Temporal server."""
        return f"{LOCALHOST}:{self._ports['TEMPORAL_PORT']}"

    @property
    def database_url(self) -> str:
        """PostgreSQL, as the owner."""
        lines = (self._data / "stack.env").read_text().splitlines()
        return next(line for line in lines if line.startswith("DATABASE_URL=")).partition("=")[2]

    def kill(self, program: str) -> bool:
        """`kill -9` a program; False if it is dead already."""
        with suppress(OSError, ValueError, psutil.NoSuchProcess):
            record = json.loads((self._data / "run" / f"{program}.pid").read_text())
            process = psutil.Process(record["pid"])
            is_it = abs(process.create_time() - record["started"]) < 1
            if is_it and process.status() != psutil.STATUS_ZOMBIE:
                process.send_signal(signal.SIGKILL)
                return True
        return False

    async def watch(self) -> None:
        """Come back only with the error that the stack itself has ended.

        Raises:
            StackError: It has.
        """
        while self._stack.exit_code is None:  # noqa: ASYNC110 — a program's end has no event
            await asyncio.sleep(0.5)
        raise StackError(self._stack.obituary("ended by itself"))

    async def __aenter__(self) -> Self:
        try:
            await asyncio.to_thread(self._stack.start)
            await asyncio.to_thread(self._stack.wait_until_ready, START_SECONDS)
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stop()

    async def _stop(self) -> None:
        # In a thread that is waited for, however often we are cancelled.
        await asyncio.to_thread(self._end)

    def _end(self) -> None:
        self._stack.stop()
        end_leftovers(self._data)

    def _is_up(self) -> bool:
        try:
            return httpx.get(f"{self.api_url}/readyz", timeout=2, trust_env=False).is_success
        except httpx.HTTPError:
            return False

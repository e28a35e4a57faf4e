"""Keeps a list of programs running until told to stop, and then stops them in reverse order."""

import asyncio
import signal
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from dev.process import Process, ProcessSpec, StackError

TICK = 0.1
FIRST_DELAY = 0.2
LAST_DELAY = 5.0
HEALTHY_AFTER = 10.0
"""Seconds; a program that lived this long starts again without the delay that had built up."""
DEATHS_BEFORE_READY = 5


def _say(line: str) -> None:
    print(line, flush=True)


class Supervisor:
    """Starts programs one after the other and restarts those that die, whatever killed them.

    Use it as an async context manager: leaving the block stops all. A cancellation while it
    stops them (a second Ctrl-C) kills them at once.

    Args:
        directory: Where the programs' `logs/` and `run/` go.
        say: Prints one line.
    """

    def __init__(self, directory: Path, say: Callable[[str], None] = _say) -> None:
        self._directory = directory
        self._say = say
        self._processes: list[Process] = []
        self._keepers: list[asyncio.Task[None]] = []
        self._deaths: dict[str, int] = {}

    async def start(self, spec: ProcessSpec, *, within: float = 60) -> None:
        """Start a program, keep it running from now on, and wait until it is ready.

        Args:
            spec: The program.
            within: Seconds until it must be ready.

        Raises:
            StackError: It keeps dying, or is not ready in time.
        """
        process = Process(spec, self._directory)
        process.start()
        self._processes.append(process)
        self._deaths[spec.name] = 0
        keeper = asyncio.create_task(self._keep(process))
        self._keepers.append(keeper)
        deadline = time.monotonic() + within
        while not await asyncio.to_thread(spec.is_ready):
            if keeper.done():
                await keeper
            if self._deaths[spec.name] >= DEATHS_BEFORE_READY:
                raise StackError(process.obituary("keeps dying"))
            if time.monotonic() > deadline:
                raise StackError(process.obituary(f"was not ready after {within:g} s"))
            await asyncio.sleep(TICK)

    async def run(self, spec: ProcessSpec) -> None:
        """Run a program that ends by itself.

        Raises:
            StackError: It ended with an error.
        """
        process = Process(spec, self._directory)
        process.start()
        try:
            exit_code = await asyncio.to_thread(process.wait)
        finally:
            process.stop()
        if exit_code != 0:
            raise StackError(process.obituary("failed"))

    async def forever(self) -> None:
        """Wait for the end: it comes as a cancellation, or as an error of the supervisor's own."""
        await asyncio.gather(*self._keepers)

    async def _keep(self, process: Process) -> None:
        delay = FIRST_DELAY
        while True:
            started = time.monotonic()
            while process.exit_code is None:
                await asyncio.sleep(TICK)
                self._report(process)
            self._report(process)
            self._deaths[process.spec.name] += 1
            if time.monotonic() - started > HEALTHY_AFTER:
                delay = FIRST_DELAY
            cause = _cause(process.exit_code)
            self._say(f"{process.spec.name} ended ({cause}); it starts again in {delay:g} s")
            process.kill()
            await asyncio.sleep(delay)
            delay = min(2 * delay, LAST_DELAY)
            process.start()

    def _report(self, process: Process) -> None:
        for line in process.news():
            self._say(f"{process.spec.name:>9} | {line}")

    async def stop(self) -> None:
        """Stop all programs, the last started first, each when the one before it is gone."""
        self._say("Stopping.")
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        try:
            for process in reversed(self._processes):
                await asyncio.to_thread(process.stop)
        finally:
            for process in self._processes:
                process.kill()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()


def run_until_told(body: Coroutine[None, None, None]) -> None:
    """Run until `body` ends, or until Ctrl-C, SIGTERM or a closed terminal cancels it."""

    async def main() -> None:
        task = asyncio.create_task(body)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        with suppress(asyncio.CancelledError):
            await task

    asyncio.run(main())


def _cause(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        with suppress(ValueError):
            return signal.Signals(-exit_code).name
    return f"exit code {exit_code}"

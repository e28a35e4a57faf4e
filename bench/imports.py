"""How fast contacts are imported, and in how much memory: `python -m bench.imports [rows]` on a running stack.

The same file goes in twice: the first time every row is a new contact, the second time none changes anything. The
memory is that of the API's and the worker's process, sampled while they are at it.
"""

import asyncio
import csv
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psutil

from bench.stack import measure, running_stack
from domain.enums import Role

ROWS = 100_000
POLL, SAMPLE = 0.2, 0.05
PROCESSES = ("api", "worker")
HEADER = ("First name", "Last name", "E-mail", "Phone", "Stage", "Tags", "City", "Roof age", "ZIP")


def write_file(path: Path, rows: int) -> None:
    """Contacts whom nobody has yet."""
    batch = uuid4().hex[:8]
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(rows):
            email, phone = f"{batch}.{number}@bench.example", f"(303) {number:07d}"
            writer.writerow(
                ["Ann", f"Lee {number}", email, phone, "lead", "hail;vip", "Denver", 12, "80202"]
            )


def processes(data_dir: Path) -> Iterator[tuple[str, psutil.Process]]:
    """The stack's processes that read the file."""
    for name in PROCESSES:
        noted = json.loads((data_dir / "run" / f"{name}.pid").read_text())
        yield name, psutil.Process(noted["pid"])


class Memory:
    """The resident memory of the processes: at the beginning, and at its highest since."""

    def __init__(self, data_dir: Path) -> None:
        self._processes = dict(processes(data_dir))
        self._before = self._now()
        self._peak = dict(self._before)

    def _now(self) -> dict[str, int]:
        return {name: process.memory_info().rss for name, process in self._processes.items()}

    async def watch(self) -> None:
        """Sample until cancelled."""
        while True:
            now = self._now()
            self._peak = {name: max(now[name], self._peak[name]) for name in now}
            await asyncio.sleep(SAMPLE)

    def __str__(self) -> str:
        return ", ".join(
            f"{name} {self._before[name] / 1e6:.0f} -> {peak / 1e6:.0f} MB"
            for name, peak in self._peak.items()
        )


async def import_file(api: httpx.AsyncClient, path: Path) -> tuple[float, float, dict[str, Any]]:
    """Seconds until the upload was answered, seconds until it was over, and the job."""
    began = time.perf_counter()
    with path.open("rb") as file:
        answer = await api.post("contacts/import", files={"file": ("contacts.csv", file)})
    answer.raise_for_status()
    answered, job = time.perf_counter() - began, answer.json()["job"]
    while job["status"] == "running":
        await asyncio.sleep(POLL)
        job = (await api.get(f"jobs/{job['id']}")).json()["job"]
    return answered, time.perf_counter() - began, job


async def main() -> None:
    """Measure the running stack."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    async with running_stack(Role.STAFF) as stack:
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "contacts.csv"
            write_file(path, rows)
            print(f"{rows:,} rows, {path.stat().st_size / 1e6:.1f} MB")
            for what in ("new", "again"):
                memory = Memory(stack.settings.data_dir)
                watching = asyncio.create_task(memory.watch())
                answered, taken, job = await import_file(stack.api, path)
                watching.cancel()
                with suppress(asyncio.CancelledError):
                    await watching
                print(
                    f"{what}: {job['status']}, {job['done']:,} done, {job['failed']:,} failed; "
                    f"upload answered after {answered:.1f} s, over after {taken:.1f} s, "
                    f"{rows / taken:,.0f} rows/s; memory {memory}"
                )


if __name__ == "__main__":
    measure(main)

"""`python -m dev.chaos --minutes 3 --enrollments 300 --seed 123`, or `make chaos`."""

import argparse
import secrets
import shutil
import sys
import tempfile
from pathlib import Path

from dev.chaos.ordeal import Ordeal, Report, table, undergo
from dev.process import StackError
from dev.supervisor import run_until_told

SHOWN = 40
"""Problems; when more is wrong, these tell enough."""


def main() -> None:
    """Undergo one ordeal; the exit code is 1 where a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m dev.chaos", description=__doc__)
    parser.add_argument("--minutes", type=float, default=3, help="how long faults last")
    parser.add_argument("--enrollments", type=int, default=300)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    arguments = parser.parse_args()
    ordeal = Ordeal(
        seed=arguments.seed,
        seconds=60 * arguments.minutes,
        enrollments=arguments.enrollments,
    )
    print(f"Seed {ordeal.seed}", flush=True)
    home = Path(tempfile.mkdtemp(prefix="chaos-"))
    reports: list[Report] = []

    async def run() -> None:
        reports.append(await undergo(ordeal, home, lambda line: print(line, flush=True)))

    try:
        run_until_told(run())
    except StackError as error:
        print(error)
    for report in reports:
        print("", *table(report), "", sep="\n")
        print(*report.verdict.problems[:SHOWN], sep="\n")
    if not reports:
        sys.exit(f"It did not come to its end; logs and data are left in {home}.")
    if not all(report.verdict.sound for report in reports):
        sys.exit(f"Not as promised; logs and data are left in {home}.")
    shutil.rmtree(home)
    print("All as promised.")


if __name__ == "__main__":
    main()

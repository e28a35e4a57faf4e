"""Run the sandbox: `python -m dev.sandbox --port 8025 --data .data/sandbox.db`."""

import argparse
from contextlib import closing
from pathlib import Path

import uvicorn

from dev.sandbox.app import create_sandbox
from dev.sandbox.store import Store


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m dev.sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8025)
    parser.add_argument("--data", type=Path, default=Path(".data/sandbox.db"))
    arguments = parser.parse_args()
    with closing(Store(arguments.data)) as store:
        uvicorn.run(
            create_sandbox(store),
            host=arguments.host,
            port=arguments.port,
            log_level="warning",
            access_log=False,
            lifespan="on",
            timeout_graceful_shutdown=1,
        )


if __name__ == "__main__":
    main()

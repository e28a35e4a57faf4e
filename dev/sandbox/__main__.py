"""Run the sandbox: `python -m dev.sandbox --port 8025 --data .data/sandbox.db`.

With `--product http://localhost:8000` it plays the homeowner too, and posts the providers' webhooks
there, by the product's own settings: `PUBLIC_URL`, `RESEND_WEBHOOK_SECRET`, `TWILIO_AUTH_TOKEN`.
"""

import argparse
import os
from contextlib import closing
from pathlib import Path

import uvicorn

from dev.sandbox.app import create_sandbox
from dev.sandbox.product import Product
from dev.sandbox.store import Store


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m dev.sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8025)
    parser.add_argument("--data", type=Path, default=Path(".data/sandbox.db"))
    parser.add_argument("--product", metavar="URL")
    arguments = parser.parse_args()
    with closing(Store(arguments.data)) as store:
        uvicorn.run(
            create_sandbox(store, _product(arguments.product)),
            host=arguments.host,
            port=arguments.port,
            log_level="warning",
            access_log=False,
            lifespan="on",
            timeout_graceful_shutdown=1,
        )


def _product(address: str | None) -> Product | None:
    if address is None:
        return None
    return Product(
        public_url=os.environ.get("PUBLIC_URL", address),
        resend_webhook_secret=os.environ.get("RESEND_WEBHOOK_SECRET"),
        twilio_auth_token=os.environ.get("TWILIO_AUTH_TOKEN"),
        twilio_account_sid=os.environ.get("TWILIO_ACCOUNT_SID"),
        address=address,
    )


if __name__ == "__main__":
    main()

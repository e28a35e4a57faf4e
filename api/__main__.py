"""Serve the API: `python -m api`."""

import uvicorn

from api.app import create_app
from services.logs import configure_logs
from services.settings import Settings

if __name__ == "__main__":
    configure_logs()
    settings = Settings()  # pydantic-settings reads the environment
    uvicorn.run(
        create_app(settings),
        host=settings.campaigns_host,
        port=settings.campaigns_port,
        log_config=None,
        access_log=False,
        proxy_headers=settings.forwarded_allow_ips is not None,
        forwarded_allow_ips=settings.forwarded_allow_ips,
    )

"""The Temporal worker: `python worker.py`."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from temporalio.client import Client
from temporalio.worker import Worker

from activities.alerts import alert_mail_of
from activities.delivery import Transport
from activities.email import EmailTransport
from activities.enrollment import EnrollmentActivities
from activities.jobs import JobActivities
from activities.messages import MessageActivities
from activities.reconcile import ReconcileActivities
from activities.scan import ScanActivities
from activities.sms import SmsTransport
from activities.webhook import WebhookTransport
from db.session import Database
from domain.enums import StepType
from domain.plans import PROVIDER_QUEUES, QUEUE
from providers.resend import ResendEmail
from providers.twilio import TwilioSms
from providers.webhook import WebhookClient
from services.envelopes import Envelopes
from services.events import EventLoop
from services.job_kinds import kinds
from services.links import Links
from services.logs import configure_logs
from services.reconcile import Reconciler
from services.schedules import ensure_schedules
from services.settings import Settings
from services.temporal import Dispatcher, connect
from services.tokens import Tokens
from services.trigger_scan import TriggerScan
from services.turns import limit_each_company
from services.versions import become_current, deployment_of
from workflows.registered import WORKFLOWS

_log = structlog.get_logger(__name__)

GRACE = timedelta(seconds=20)
"""How long a worker that is told to stop may finish what it is doing."""

_WORKFLOW_SLOTS = 20
"""Workflow tasks at a time. One process computes one at a time; what it takes beyond the few that are on their way to
and from the server waits here in the order of its arrival, and not there, where each company has its turn."""

_OWN_SLOTS = 50
_SLOTS = {StepType.SEND_EMAIL: 20, StepType.SEND_SMS: 20, StepType.WEBHOOK: 250}
"""Activities at a time. An address that a company typed may hang for ten seconds, each time: at the ten a second
that one company has by default, the others find slots."""


async def run_workers(
    settings: Settings, client: Client, database: Database, stop: asyncio.Event
) -> None:
    """Work until `stop` is set: one worker for our own queue, one for each provider's, and the events."""
    async with AsyncExitStack() as stack:
        links = Links(settings.public_url, Tokens(settings.secret_key))
        transports = await stack.enter_async_context(transports_of(settings, database, links))
        enrollment = EnrollmentActivities(database, transports, links, settings.rates)
        messages = MessageActivities(database, transports)
        dispatcher = Dispatcher(client, database)
        jobs = JobActivities(database, dispatcher, kinds(settings.rates))
        reconciler = Reconciler(database, client, dispatcher, settings.rates)
        alert_mail = await stack.enter_async_context(alert_mail_of(settings, database))
        reconcile = ReconcileActivities(reconciler, alert_mail)
        scan = ScanActivities(TriggerScan(database, dispatcher, settings.rates))
        own: list[Callable[..., Any]] = [
            enrollment.run_step,
            enrollment.give_up,
            enrollment.look,
            messages.give_up_message,
            jobs.run_portion,
            jobs.end_job,
            reconcile.reconcile,
            scan.scan_triggers,
        ]
        deployment = deployment_of(settings)
        worker = partial(
            Worker, client, graceful_shutdown_timeout=GRACE, deployment_config=deployment
        )
        workers = [
            worker(
                task_queue=QUEUE,
                workflows=WORKFLOWS,
                activities=own,
                max_concurrent_workflow_tasks=_WORKFLOW_SLOTS,
                max_concurrent_activities=_OWN_SLOTS,
            )
        ]
        for step_type, queue in PROVIDER_QUEUES.items():
            await limit_each_company(client, queue, settings.rates_per_company[step_type])
            workers.append(
                worker(
                    task_queue=queue,
                    activities=[enrollment.run_step, messages.send_message],
                    max_concurrent_activities=_SLOTS[step_type],
                    max_task_queue_activities_per_second=settings.rates.get(step_type),
                )
            )
        for each in workers:
            await stack.enter_async_context(each)
        if deployment and settings.temporal_worker_becomes_current:
            await become_current(client, deployment.version)
        await ensure_schedules(client)
        _log.info("worker ready")
        await EventLoop(database, dispatcher, settings.rates).run(stop)
        # All at once, or their times of grace would add up.
        await asyncio.gather(*(each.shutdown() for each in workers))


@asynccontextmanager
async def transports_of(
    settings: Settings, database: Database, links: Links
) -> AsyncIterator[Sequence[Transport]]:
    """The ways out of the house; a provider that is not configured is one that skips."""
    resend = twilio = None
    if settings.resend_api_key:
        resend = ResendEmail(settings.resend_api_key, settings.resend_api_url)
    if settings.twilio_account_sid and settings.twilio_auth_token:
        twilio = TwilioSms(
            settings.twilio_account_sid, settings.twilio_auth_token, settings.twilio_api_url
        )
    webhooks = WebhookClient(settings.webhook_allow_hosts)
    envelopes = Envelopes.of(settings, links)
    try:
        yield [
            EmailTransport(database, resend, envelopes),
            SmsTransport(database, twilio, envelopes),
            WebhookTransport(database, webhooks, settings.secret_key),
        ]
    finally:
        for provider in (resend, twilio, webhooks):
            if provider:
                await provider.aclose()


async def main() -> None:
    """Work until SIGTERM or SIGINT."""
    configure_logs()
    settings = Settings()
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    database = Database(settings.database_url, pool_size=30)
    await database.check()
    await run_workers(settings, await connect(), database, stop)
    await database.close()
    # The SDK's threads need a moment, or the interpreter may crash on its way out
    # (temporalio/sdk-python issue 300).
    await asyncio.sleep(0.2)


if __name__ == "__main__":
    asyncio.run(main())

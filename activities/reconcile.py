"""The activity of the reconciler."""

import asyncio

from temporalio import activity

from activities.alerts import AlertMail
from activities.heartbeat import see_through, unless_worker_stops
from services.reconcile import Reconciler


class ReconcileActivities:
    """Repairs what a crash left behind, and mails what admins are to be told."""

    def __init__(self, reconciler: Reconciler, alert_mail: AlertMail) -> None:
        self._reconciler = reconciler
        self._alert_mail = alert_mail

    @activity.defn
    async def reconcile(self) -> str:
        """One round over all tenants, and in words what it found. A worker that stops leaves it to the next one."""
        return await see_through(self._round())

    async def _round(self) -> str:
        found, _ = await asyncio.gather(
            unless_worker_stops(self._reconciler.run()), self._alert_mail.send_due()
        )
        return found or "the worker stopped before it was through"

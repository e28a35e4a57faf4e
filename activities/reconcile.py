"""The activity of the reconciler."""

from temporalio import activity

from activities.heartbeat import see_through
from services.reconcile import Reconciler


class ReconcileActivities:
    """Repairs what a crash left behind."""

    def __init__(self, reconciler: Reconciler) -> None:
        self._reconciler = reconciler

    @activity.defn
    async def reconcile(self) -> str:
        """One round over all tenants, and in words what it found."""
        return await see_through(self._reconciler.run())

"""Makes good what a crash left undone; a Temporal Schedule starts it every half minute."""

from temporalio import workflow

from workflows import policies

with workflow.unsafe.imports_passed_through():
    from activities.reconcile import ReconcileActivities


@workflow.defn
class ReconcileWorkflow:
    """One round of repairs."""

    @workflow.run
    async def run(self) -> str:
        """Repair, and say in words what was found."""
        return await workflow.execute_activity_method(
            ReconcileActivities.reconcile,
            start_to_close_timeout=policies.RECONCILE_ATTEMPT,
            heartbeat_timeout=policies.SILENCE,
            retry_policy=policies.RECONCILE_RETRY,
            summary="start, refresh and end what was left behind",
        )

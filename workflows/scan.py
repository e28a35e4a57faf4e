"""Enrolls whom a date brings, or a resumed campaign; a Temporal Schedule starts it every minute."""

from temporalio import workflow

from workflows import policies

with workflow.unsafe.imports_passed_through():
    from activities.scan import ScanActivities


@workflow.defn
class TriggerScanWorkflow:
    """One look at all dates."""

    @workflow.run
    async def run(self) -> str:
        """Look, enroll, and say in words how many were found."""
        return await workflow.execute_activity_method(
            ScanActivities.scan_triggers,
            start_to_close_timeout=policies.SCAN_ATTEMPT,
            heartbeat_timeout=policies.SILENCE,
            retry_policy=policies.RECONCILE_RETRY,
            summary="enroll whom a date or a resumed campaign brings",
        )

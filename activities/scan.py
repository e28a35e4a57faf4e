"""The activity of the triggers that wait for a date."""

from temporalio import activity

from activities.heartbeat import see_through
from services.trigger_scan import TriggerScan


class ScanActivities:
    """Enrolls by date."""

    def __init__(self, scan: TriggerScan) -> None:
        self._scan = scan

    @activity.defn
    async def scan_triggers(self) -> str:
        """One round over all tenants, and in words whom it found."""
        return await see_through(self._scan.run(activity.info().started_time))

"""Temporal workflows: order and time only.

A workflow asks an activity what comes next, sleeps until then, and asks for it to be done. What comes next is
decided by `domain` inside the activity, so its answer is in the history and a rule may change without breaking the
replay of those that sleep.
"""

from workflows.enrollment import EnrollmentWorkflow
from workflows.job import JobWorkflow
from workflows.message import MessageWorkflow
from workflows.reconcile import ReconcileWorkflow
from workflows.scan import TriggerScanWorkflow

WORKFLOWS = [
    EnrollmentWorkflow,
    JobWorkflow,
    MessageWorkflow,
    ReconcileWorkflow,
    TriggerScanWorkflow,
]

__all__ = [
    "WORKFLOWS",
    "EnrollmentWorkflow",
    "JobWorkflow",
    "MessageWorkflow",
    "ReconcileWorkflow",
    "TriggerScanWorkflow",
]

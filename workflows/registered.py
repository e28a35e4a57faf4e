"""The workflows that a worker runs."""

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

"""Temporal workflows: order and time only.

A workflow asks an activity what comes next, sleeps until then, and asks for it to be done. What comes next is
decided by `domain` inside the activity, so its answer is in the history and a rule may change without breaking the
replay of those that sleep.
"""

from workflows.enrollment import EnrollmentWorkflow
from workflows.reconcile import ReconcileWorkflow

WORKFLOWS = [EnrollmentWorkflow, ReconcileWorkflow]

__all__ = ["WORKFLOWS", "EnrollmentWorkflow", "ReconcileWorkflow"]

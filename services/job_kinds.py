"""The kinds of jobs that there are."""

from collections.abc import Mapping

from domain.enums import StepType
from services import bulk_actions, bulk_enroll, contact_import
from services.bulk_enroll import BulkEnroll
from services.contact_import import ContactImport
from services.jobs import Kinds


def kinds(rates: Mapping[StepType, float]) -> Kinds:
    """Each by the name that its rows carry.

    Args:
        rates: What the providers take, a second.
    """
    enrolling = BulkEnroll(rates)
    return {
        contact_import.KIND: ContactImport(enrolling),
        bulk_enroll.KIND: enrolling,
        **bulk_actions.kinds(rates),
    }

"""The kinds of jobs that there are."""

from types import MappingProxyType
from typing import Final

from services import contact_import
from services.contact_import import ContactImport
from services.jobs import Kinds

KINDS: Final[Kinds] = MappingProxyType({contact_import.KIND: ContactImport()})
"""Each by the name that its rows carry."""

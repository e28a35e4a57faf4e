"""Lists of ids in a statement."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, bindparam
from sqlalchemy.orm import InstrumentedAttribute


def among(
    column: InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None], ids: Sequence[UUID]
) -> ColumnElement[bool]:
    """The column is one of these: one parameter for all, of which a statement takes 32,767."""
    return column == any_(bindparam(None, list(ids), ARRAY(Uuid)))

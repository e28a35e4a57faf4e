"""Rounds over many things, of which one may fail."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

_log = structlog.get_logger(__name__)


@contextmanager
def one_failure_is_one(**ids: object) -> Iterator[None]:
    """What fails is logged, and left to the next round: it must not keep the rest waiting."""
    try:
        yield
    except Exception as error:
        named = {name: str(id_) for name, id_ in ids.items()}
        _log.error("failed, left to the next round", exc_info=error, **named)

"""Refusals. Each carries the status and the stable code that the API answers with (RFC 9457)."""

from dataclasses import dataclass

Location = tuple[str | int, ...]


class Problem(Exception):  # noqa: N818 — RFC 9457's word
    """A request that is refused. `code` is part of the contract, `detail` is for people."""

    status = 500
    code = "internal_error"

    def __init__(self, detail: str, **extra: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra = extra


class Unauthorized(Problem):
    """Nobody, or nobody that we know."""

    status, code = 401, "unauthorized"


class Forbidden(Problem):
    """Somebody whose role does not allow it."""

    status, code = 403, "forbidden"


class NotFound(Problem):
    """It does not exist, or is another tenant's: the answer does not tell which."""

    status, code = 404, "not_found"


class Conflict(Problem):
    """It cannot be done as things stand; `code` says why."""

    status = 409

    def __init__(self, code: str, detail: str, **extra: object) -> None:
        super().__init__(detail, **extra)
        self.code = code


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field of the input."""

    location: Location
    message: str


class Invalid(Problem):
    """Input that is wrong in itself; each error names its field."""

    status, code = 422, "validation_error"

    def __init__(self, *errors: FieldProblem) -> None:
        super().__init__("; ".join(f"{_path(e.location)}: {e.message}" for e in errors))
        self.errors = errors

    @classmethod
    def field(cls, field: str, message: str) -> "Invalid":
        """One error of one field."""
        return cls(FieldProblem((field,), message))

    def under(self, *prefix: str | int) -> "Invalid":
        """The same errors, seen from a level further out."""
        return Invalid(*(FieldProblem((*prefix, *e.location), e.message) for e in self.errors))


def _path(location: Location) -> str:
    return ".".join(str(part) for part in location)

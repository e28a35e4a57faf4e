"""Tokens that go out into the world and come back: signed, readable by anyone, forgeable by nobody."""

from uuid import UUID

from itsdangerous import BadSignature, Signer
from itsdangerous.encoding import base64_decode, base64_encode

from domain.errors import NotFound

_ID_LENGTH = 16


class Tokens:
    """Signs with the installation's `SECRET_KEY`; a token of one purpose is void for another."""

    def __init__(self, secret_key: str) -> None:
        self._secret_key = secret_key

    def sign(self, purpose: str, *ids: UUID) -> str:
        """A token that names these."""
        packed = base64_encode(b"".join(id_.bytes for id_ in ids))
        return self._signer(purpose).sign(packed).decode()

    def read(self, purpose: str, token: str) -> tuple[UUID, ...]:
        """What a token names.

        Raises:
            NotFound: it is not one of ours, or one of another purpose.
        """
        try:
            packed = base64_decode(self._signer(purpose).unsign(token))
        except BadSignature as error:
            raise NotFound("This link is not valid.") from error
        return tuple(
            UUID(bytes=packed[start : start + _ID_LENGTH])
            for start in range(0, len(packed), _ID_LENGTH)
        )

    def _signer(self, purpose: str) -> Signer:
        return Signer(self._secret_key, salt=f"campaigns.{purpose}")

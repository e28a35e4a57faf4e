"""Tokens that go out into the world and come back: signed, readable by anyone, forgeable by nobody."""

import hmac
from uuid import UUID

from itsdangerous import BadSignature, Signer
from itsdangerous.encoding import base64_decode, base64_encode

from domain.errors import NotFound

_ID_LENGTH = 16
_SEPARATOR = b"."
_INVALID = "This link is not valid."


class Tokens:
    """Signs with the installation's `SECRET_KEY`; a token of one purpose is void for another."""

    def __init__(self, secret_key: str) -> None:
        self._secret_key = secret_key

    def sign(self, purpose: str, *ids: UUID, text: str | None = None) -> str:
        """A token that names these, and carries a text where one is given."""
        parts = [b"".join(id_.bytes for id_ in ids)]
        if text is not None:
            parts.append(text.encode())
        return self._signer(purpose).sign(_SEPARATOR.join(map(base64_encode, parts))).decode()

    def read(self, purpose: str, token: str) -> tuple[UUID, ...]:
        """What a token names.

        Raises:
            NotFound: it is not one of ours, or one of another purpose.
        """
        return _ids(self._parts(purpose, token)[0])

    def read_text(self, purpose: str, token: str) -> tuple[tuple[UUID, ...], str]:
        """What a token names, and the text that it carries. Raises what `read` raises."""
        ids, text = self._parts(purpose, token)
        return _ids(ids), text.decode()

    def secret(self, purpose: str, seed: str) -> str:
        """256 bits that are made of a seed again and again, and that nobody else makes of it."""
        message = f"campaigns.{purpose}.{seed}".encode()
        return base64_encode(hmac.digest(self._secret_key.encode(), message, "sha256")).decode()

    def _parts(self, purpose: str, token: str) -> list[bytes]:
        signer = self._signer(purpose)
        try:
            packed = signer.unsign(token)
        except (BadSignature, UnicodeError) as error:
            raise NotFound(_INVALID) from error
        # The last letter of a signature has bits that mean nothing: we make one of its spellings.
        if signer.sign(packed) != token.encode():
            raise NotFound(_INVALID)
        return [base64_decode(part) for part in packed.split(_SEPARATOR)]

    def _signer(self, purpose: str) -> Signer:
        return Signer(self._secret_key, salt=f"campaigns.{purpose}")


def _ids(packed: bytes) -> tuple[UUID, ...]:
    return tuple(
        UUID(bytes=packed[start : start + _ID_LENGTH])
        for start in range(0, len(packed), _ID_LENGTH)
    )

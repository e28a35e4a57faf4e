"""Tokens that go out into the world and come back: signed, readable by anyone, forgeable by nobody."""

from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer

from domain.errors import NotFound


class Tokens:
    """Signs with the installation's `SECRET_KEY`; a token of one purpose is void for another."""

    def __init__(self, secret_key: str) -> None:
        self._secret_key = secret_key

    def sign(self, purpose: str, *ids: UUID) -> str:
        """A token that names these."""
        return self._serializer(purpose).dumps([id_.hex for id_ in ids])

    def read(self, purpose: str, token: str) -> tuple[UUID, ...]:
        """What a token names.

        Raises:
            NotFound: it is not one of ours, or one of another purpose.
        """
        try:
            return tuple(UUID(hex_id) for hex_id in self._serializer(purpose).loads(token))
        except (BadSignature, ValueError, TypeError) as error:
            raise NotFound("This link is not valid.") from error

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        return URLSafeSerializer(self._secret_key, salt=f"campaigns.{purpose}")

"""Routes that take a file. It is kept on disk until it is answered, so its size is no matter of memory."""

import asyncio
import hashlib
from collections.abc import Callable, Coroutine
from typing import Any, BinaryIO

from fastapi import Request, Response, UploadFile
from starlette.datastructures import UploadFile as ReceivedFile

from api.access import TransactionalRoute

_MAX_FIELDS = 20


class UploadRoute(TransactionalRoute):
    """A route that takes a form with one file.

    An `Idempotency-Key` stands for the fields and the content of the file: a client that sends the form again draws
    another boundary for it, so the bytes of the body say nothing.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler, and give the file up in the end."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await handler(request)
            finally:
                await request.close()

        return handle

    async def receive(self, request: Request) -> bytes:
        """Take in the form, and answer a hash of what is in it."""
        form = await request.form(max_files=1, max_fields=_MAX_FIELDS)
        digest = hashlib.sha256()
        for name, value in form.multi_items():
            content = (
                await asyncio.to_thread(_hash_of, value.file)
                if isinstance(value, ReceivedFile)
                else hashlib.sha256(value.encode()).digest()
            )
            digest.update(hashlib.sha256(name.encode()).digest() + content)
        return digest.digest()


def content_of(upload: UploadFile) -> BinaryIO:
    """The file, at its beginning."""
    upload.file.seek(0)
    return upload.file


def _hash_of(file: BinaryIO) -> bytes:
    return hashlib.file_digest(file, "sha256").digest()  # type: ignore[arg-type] # it has readinto

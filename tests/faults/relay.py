"""A connection that can break: it stands between the worker and a server."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

LOCALHOST = "127.0.0.1"

_CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)


class Relay:
    """Listens on a port and passes everything on to another.

    Clear `up` to keep from the server what the client says, `down` to keep from the client what the
    server says.
    """

    def __init__(self, target: str) -> None:
        self._target = target.rpartition(":")[2]
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self._requests = 0
        self.up, self.down = asyncio.Event(), asyncio.Event()
        self.port = 0

    @property
    def address(self) -> str:
        return f"{LOCALHOST}:{self.port}"

    async def open(self) -> None:
        """Listen, on the same port each time, and pass everything on."""
        self.flow()
        self._server = await asyncio.start_server(self._connected, LOCALHOST, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def refuse(self) -> None:
        """Cut what is connected, and refuse connections until it is opened again."""
        if self._server:
            self._server.close()
        await self.cut()

    async def cut(self) -> None:
        """Cut what is connected; what was kept back is lost."""
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def stall(self) -> None:
        """Keep everything back."""
        self.up.clear()
        self.down.clear()

    def flow(self) -> None:
        """Pass everything on."""
        self.up.set()
        self.down.set()

    async def connected(self, times: int = 1) -> None:
        """Wait until there are so many connections."""
        async with asyncio.timeout(30):
            while len(self._connections) < times:  # noqa: ASYNC110 — a set has no event
                await asyncio.sleep(0.01)

    async def kept_back(self, requests: int) -> None:
        """Wait until so many HTTP requests have come in whole and are kept back.

        A connection alone says little: a client that is frozen then has not yet asked for anything.
        """
        async with asyncio.timeout(30):
            while self._requests < requests:  # noqa: ASYNC110 — a number has no event
                await asyncio.sleep(0.01)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.create_task(self._pass_on(reader, writer))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)
        # Also where it is cancelled before it has begun.
        connection.add_done_callback(lambda _: writer.transport.abort())

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers, pumps, request = [writer], [], b""

        def hear(data: bytes) -> None:
            nonlocal request
            if self.up.is_set():
                return
            request += data
            if _is_whole(request):
                self._requests += 1
                request = b""

        try:
            far_reader, far_writer = await asyncio.open_connection(LOCALHOST, self._target)
            writers.append(far_writer)
            pumps = [
                asyncio.create_task(_pump(reader, far_writer, self.up, hear)),
                asyncio.create_task(_pump(far_reader, writer, self.down)),
            ]
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        except OSError:
            pass  # nobody is there: to the client it is a connection that breaks
        finally:
            # Before it waits for the pumps, as it may be cancelled there once more.
            for each in writers:
                each.transport.abort()
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)


async def _pump(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    flowing: asyncio.Event,
    hear: Callable[[bytes], None] = lambda data: None,
) -> None:
    kept: asyncio.Queue[bytes] = asyncio.Queue()

    async def listen() -> None:
        while data := await reader.read(65536):
            hear(data)
            kept.put_nowait(data)
        kept.put_nowait(b"")

    listening = asyncio.create_task(listen())
    try:
        while data := await kept.get():
            await flowing.wait()
            writer.write(data)
            await writer.drain()
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


def _is_whole(request: bytes) -> bool:
    head, _, body = request.partition(b"\r\n\r\n")
    length = _CONTENT_LENGTH.search(head)
    return length is not None and len(body) >= int(length[1])


@asynccontextmanager
async def relay_to(target: str) -> AsyncIterator[Relay]:
    """A relay to `host:port` or a URL on this machine."""
    relay = Relay(target)
    await relay.open()
    try:
        yield relay
    finally:
        await relay.refuse()

"""A slow line in front of a server: everything a browser sends and gets goes through it, websockets too.

A browser can slow itself down, but not its websockets, and all of the app runs over one. So the line is outside of it:
a proxy on loopback that holds each byte back for half of a round trip and lets no more through than the line carries,
shared by all connections. A new connection costs a round trip before its first byte. There is no slow start, no loss
and no TLS.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Thread

#: So much goes over the line in one go, so that connections take turns.
_PIECE = 4096


@dataclass(frozen=True, slots=True)
class Speed:
    """What a line carries. ``round_trip``: seconds; ``down`` and ``up``: bytes a second."""

    round_trip: float
    down: float
    up: float


#: Lighthouse's mobile profile: 150 ms, 1.6 Mbit/s and 750 kbit/s.
MOBILE = Speed(0.150, 1_638_400 / 8, 750_000 / 8)


@dataclass
class _Way:
    """One direction. ``carried``: bytes so far."""

    rate: float
    free_at: float = 0.0
    carried: int = 0

    async def carry(self, size: int) -> None:
        """Wait until the line has carried so many bytes more."""
        loop = asyncio.get_running_loop()
        self.free_at = max(self.free_at, loop.time()) + size / self.rate
        self.carried += size
        await asyncio.sleep(self.free_at - loop.time())


@dataclass
class Link:
    """One line to the server at ``target`` on this machine. ``port``: where a browser gets on it."""

    target: int
    speed: Speed
    port: int = 0
    _down: _Way = field(init=False)
    _up: _Way = field(init=False)
    _open: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._down, self._up = _Way(self.speed.down), _Way(self.speed.up)

    @property
    def carried(self) -> int:
        """Bytes that went over the line in both directions, headers included."""
        return self._down.carried + self._up.carried

    async def listen(self) -> asyncio.Server:
        """Begin to take connections."""
        server = await asyncio.start_server(self._take, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, to_server = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.close()
            return
        half = self.speed.round_trip / 2
        # Shaking hands takes a round trip, which a proxy on this machine has to add.
        await asyncio.gather(
            self._pump(reader, to_server, self._up, half, self.speed.round_trip),
            self._pump(there, writer, self._down, half, 0),
        )

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: _Way, delay: float, first: float
    ) -> None:
        loop = asyncio.get_running_loop()
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        delivering = asyncio.create_task(_deliver(under_way, writer))
        await asyncio.sleep(first)
        with suppress(OSError):
            while piece := await reader.read(_PIECE):
                await way.carry(len(piece))
                under_way.put_nowait((loop.time() + delay, piece))
        under_way.put_nowait((loop.time() + delay, b""))
        await delivering


async def _deliver(under_way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
    loop = asyncio.get_running_loop()
    with suppress(OSError):
        while True:
            due, piece = await under_way.get()
            await asyncio.sleep(due - loop.time())
            if not piece:
                break
            writer.write(piece)
            await writer.drain()
    with suppress(OSError):
        writer.close()


@contextmanager
def slow_line(target: int, speed: Speed = MOBILE) -> Iterator[Link]:
    """Give a line to the server at port ``target`` while the block runs, in a thread of its own."""
    loop = asyncio.new_event_loop()
    link = Link(target, speed)
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(link.listen(), loop).result()
    try:
        yield link
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()

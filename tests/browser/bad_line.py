"""A bad line between phone and server: a TCP proxy that cuts, stalls, loses answers and breaks off in a message.

``Line(port)`` listens on ``line.port`` and passes everything on until it is told otherwise. What it is told holds
for the app's own connection, the websocket; cutting and stalling hold for everything.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition, Event, Thread

_NOW = struct.pack("ii", 1, 0)


class Line:
    """One line to the server at ``port`` of this machine."""

    def __init__(self, port: int) -> None:
        self._server = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._state = Condition()
        self._open: set[_Call] = set()
        self._is_cut = self._is_stalled = self._loses_answers = False
        self._bytes_left: int | None = None
        self._heard = time.monotonic()
        #: Set when something was sent to the server of which the answer was lost, or which broke off.
        self.took = Event()
        Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """The portal's address at this end."""
        return f"http://localhost:{self.port}"

    def cut(self) -> None:
        """Break every connection, and let none through until `mend`."""
        with self._state:
            self._is_cut = True
            calls = list(self._open)
            self._state.notify_all()
        for call in calls:
            call.break_off()

    def stall(self) -> None:
        """Keep every connection open and pass nothing on, either way, as a dead spot does."""
        with self._state:
            self._is_stalled = True

    def lose_answers(self) -> None:
        """Pass on what the phone sends, and nothing of what comes back to it."""
        with self._state:
            self._loses_answers = True

    def wait_for_silence(self, seconds: float) -> None:
        """Wait until the server has sent nothing for so long, and with that has done what it was asked."""
        while (left := self._heard + seconds - time.monotonic()) > 0:
            time.sleep(left)

    def lose_answer_to(self, act: Callable[[], None]) -> None:
        """Let the phone never hear of what the server has done by then; cut at once, it might still be doing it."""
        self.lose_answers()
        act()
        assert self.took.wait(10)
        self.wait_for_silence(2)
        self.cut()
        self.mend()

    def break_after(self, count: int) -> None:
        """Pass on ``count`` more bytes from the phone, then cut: in the middle of a message."""
        with self._state:
            self._bytes_left = count

    def mend(self) -> None:
        """All is well again; what was broken off stays so."""
        with self._state:
            self._is_cut = self._is_stalled = self._loses_answers = False
            self._bytes_left = None
            self.took.clear()
            self._state.notify_all()

    def close(self) -> None:
        """End for good."""
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                phone, _ = self._listener.accept()
            except OSError:
                return
            if self._is_cut:
                _reset(phone)
                continue
            try:
                server = socket.create_connection(("127.0.0.1", self._server))
            except OSError:
                _reset(phone)
                continue
            call = _Call(phone, server)
            self._open.add(call)
            Thread(target=self._pass_up, args=(call,), daemon=True).start()
            Thread(target=self._pass_down, args=(call,), daemon=True).start()

    def _pass_up(self, call: _Call) -> None:
        for data in call.heard(call.phone):
            call.is_app = call.is_app or b"upgrade: websocket" in data.lower()
            left = self._wait_and_count(call, len(data))
            if left is None:
                call.pass_on(call.server, data)
                continue
            call.pass_on(call.server, data[:left])
            self.cut()
            self.took.set()
        self._end(call)

    def _pass_down(self, call: _Call) -> None:
        for data in call.heard(call.server):
            self._wait_and_count(call, 0)
            self._heard = time.monotonic()
            if call.is_app and self._loses_answers:
                self.took.set()
            else:
                call.pass_on(call.phone, data)
        self._end(call)

    def _wait_and_count(self, call: _Call, size: int) -> int | None:
        """Wait while stalled. Return how many of the bytes may go on before the line breaks, None for all."""
        with self._state:
            self._state.wait_for(lambda: self._is_cut or not self._is_stalled)
            if not (size and call.is_app) or self._bytes_left is None:
                return None
            if size < self._bytes_left:
                self._bytes_left -= size
                return None
            return self._bytes_left

    def _end(self, call: _Call) -> None:
        call.break_off()
        self._open.discard(call)


class _Call:
    """One connection, with both its ends."""

    def __init__(self, phone: socket.socket, server: socket.socket) -> None:
        self.phone, self.server = phone, server
        self.is_app = False

    def heard(self, end: socket.socket) -> Iterator[bytes]:
        """What comes in at one end, until it ends."""
        while True:
            try:
                data = end.recv(65_536)
            except OSError:
                return
            if not data:
                return
            yield data

    def pass_on(self, end: socket.socket, data: bytes) -> None:
        """Send to one end, if it is still there."""
        try:
            end.sendall(data)
        except OSError:
            self.break_off()

    def break_off(self) -> None:
        """End both sides at once."""
        _reset(self.phone)
        _reset(self.server)


def _reset(end: socket.socket) -> None:
    # With this the other side learns of it at once, as of a lost network; without, it would be a polite goodbye.
    try:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NOW)
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    finally:
        end.close()


@contextmanager
def line_to(port: int) -> Iterator[Line]:
    """A line that ends with the block."""
    line = Line(port)
    try:
        yield line
    finally:
        line.close()

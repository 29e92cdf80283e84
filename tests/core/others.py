"""Other processes at work on the same database: each runs a few lines of Python, and may be killed.

Loading what those lines need takes a second of a processor, so one process loads it once, and each other is a copy of
it. It has no database open, and what it was given of this one's it closes. ``start`` is what a test calls; the other
half runs in the process that waits.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

#: What those lines load.
LOADED = ("alembic.command", "core.backup", "core.importing", "core.posting", "core.saving", "core.store.vaults")
_ROOT = Path(__file__).resolve().parents[2]
#: More than any lines, with their words, have.
_MOST = 1 << 17


class Other:
    """Another process, as ``subprocess.Popen`` would give it: what of it the tests use."""

    def __init__(self, pid: int, told: int, tells: int) -> None:
        self.pid = pid
        self.stdin, self.stdout = os.fdopen(told, "w"), os.fdopen(tells)
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = _ask({"ended": self.pid})
        return self.returncode

    def wait(self, timeout: float = 120) -> int:
        until = time.monotonic() + timeout
        while (status := self.poll()) is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired("another process", timeout)
            time.sleep(0.005)
        self.stdin.close()
        self.stdout.close()
        return status

    def communicate(self) -> str:
        """Wait for its end. Returns all it said."""
        self.stdin.close()
        said = self.stdout.read()
        self.wait()
        return said

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        self.wait()


def start(program: str, *words: object) -> Other:
    """Let another process run these lines; the words are its ``sys.argv[1:]``. What goes wrong it says on ours."""
    theirs_in, told = os.pipe()
    tells, theirs_out = os.pipe()
    wanted = {"program": program, "words": [str(word) for word in words], "environment": dict(os.environ)}
    pid = _ask(wanted, [theirs_in, theirs_out, 2])
    os.close(theirs_in)
    os.close(theirs_out)
    return Other(pid, told, tells)


def run(program: str, *words: object) -> int:
    """Let another process run these lines to their end, or its own. Returns its status, as `subprocess` says it."""
    return start(program, *words).wait()


def _ask(what: dict[str, Any], descriptors: Sequence[int] = ()) -> Any:
    waiting = _waiting()
    socket.send_fds(waiting, [json.dumps(what).encode()], descriptors)
    return json.loads(waiting.recv(_MOST))


@cache
def _waiting() -> socket.socket:
    # It ends when this process does, and its end of the line closes.
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    number = theirs.fileno()
    subprocess.Popen([sys.executable, "-m", "tests.core.others", str(number)], cwd=_ROOT, pass_fds=[number])
    theirs.close()
    return ours


def _wait_for_work(line: socket.socket) -> None:
    """Do what is asked, one thing at a time, until the line closes."""
    for name in LOADED:
        import_module(name)
    while True:
        asked, descriptors, *_ = socket.recv_fds(line, _MOST, 3)
        if not asked:
            return
        what = json.loads(asked)
        answer = _ended(what["ended"]) if "ended" in what else _copy(what, descriptors, line)
        line.send(json.dumps(answer).encode())


def _ended(pid: int) -> int | None:
    found, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


def _copy(what: dict[str, Any], descriptors: list[int], line: socket.socket) -> int:
    pid = os.fork()
    if pid == 0:
        line.close()
        _be(what, descriptors)
    for descriptor in descriptors:
        os.close(descriptor)
    return pid


def _be(what: dict[str, Any], descriptors: list[int]) -> None:
    """Be the other process from here on."""
    status = 1
    try:
        for place, descriptor in enumerate(descriptors):
            os.dup2(descriptor, place)
            os.close(descriptor)
        os.environ.clear()
        os.environ.update(what["environment"])
        sys.argv = ["-c", *what["words"]]
        exec(compile(what["program"], "<another process>", "exec"), {"__name__": "__main__"})  # noqa: S102
        status = 0
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001 it has nobody above it
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    _wait_for_work(socket.socket(fileno=int(sys.argv[1])))

"""Servers that start warm: one process has loaded what every server loads, and each of them is a copy of it.

Loading takes most of a server's start, and a run of all tests starts some forty. The copy is the same program that
``python -m streamlit run`` is, from reading its settings on: nothing of ours that takes the clock is loaded before it.
``start`` is what a test calls; the other half runs in the process that waits.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

#: What no server would have loaded by itself must not be here: a test looks at what one has in its memory.
LOADED = ("streamlit.web.bootstrap", "streamlit.starlette", "alembic.command", "core.demo", "core.web.starting")
#: They take the clock by its name, and it may be another one.
TOO_EARLY = ("core.web.stack", "core.web.welcome", "pages")
_ROOT = Path(__file__).resolve().parent.parent.parent
_at_a_time = threading.Lock()


class Warm:
    """A running server, as ``subprocess.Popen`` would give it: what of it the tests use."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._status: int | None = None

    def poll(self) -> int | None:
        if self._status is None:
            self._status = _ask({"ended": self.pid})
        return self._status

    def wait(self, timeout: float | None = None) -> int:
        until = time.monotonic() + (timeout or float("inf"))
        while (status := self.poll()) is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired("a warm server", timeout or 0)
            time.sleep(0.02)
        return status

    def send_signal(self, how: int) -> None:
        # What has ended and was not yet asked about still has its number.
        if self.poll() is None:
            os.kill(self.pid, how)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def start(arguments: Sequence[str], environment: dict[str, str], log: Path, before: str = "") -> Warm:
    """Start ``streamlit`` with these arguments, in the project's folder. ``before``: a module to load first."""
    wanted = {"arguments": list(arguments), "environment": environment, "log": str(log), "before": before}
    return Warm(_ask(wanted))


def _ask(what: dict[str, Any]) -> Any:
    with _at_a_time:
        waiting = _waiting()
        waiting.stdin.write(json.dumps(what) + "\n")
        waiting.stdin.flush()
        return json.loads(waiting.stdout.readline())


@cache
def _waiting() -> subprocess.Popen[str]:
    # It ends when this process does, and its end of the line closes.
    return subprocess.Popen(
        [sys.executable, "-m", "tests.browser.warm"],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _wait_for_work() -> None:
    """Do what is asked, line by line, until the line closes."""
    for name in LOADED:
        import_module(name)
    starting = import_module("core.web.starting")
    for name in starting._LOADED_LATER:
        import_module(name)
    assert not [name for name in TOO_EARLY if name in sys.modules]
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        asked = json.loads(line)
        answer = _ended(asked["ended"]) if "ended" in asked else _copy(asked)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _ended(pid: int) -> int | None:
    found, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


def _copy(asked: dict[str, Any]) -> int:
    pid = os.fork()
    if pid == 0:
        _be(asked)
    return pid


def _be(asked: dict[str, Any]) -> None:
    """Be the server from here on."""
    status = 1
    try:
        nothing = os.open(os.devnull, os.O_RDONLY)
        log = os.open(asked["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        for descriptor, place in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(descriptor, place)
        os.environ.clear()
        os.environ.update(asked["environment"])
        if asked["before"]:
            import_module(asked["before"])
        sys.argv = ["streamlit", *asked["arguments"]]
        import_module("streamlit.web.cli").main(prog_name="streamlit")
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001 it has nobody above it: what went wrong goes into its log
        traceback.print_exc()
    finally:
        # What Python does at its own end.
        threading._shutdown()
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    _wait_for_work()

"""The real server and a real browser, for every browser test.

``server``: ``streamlit run portal.py`` on a free port with a database of its own, for one test module.
``serve``: starts such a server with an environment of your choosing; use it for another face, or to kill one.
``browser``: one Chromium for the module; borrow a context from it (`kept`), make one of your own, or take ``phone``.
``playwright``: what starts another one. While it runs this thread has a loop; `in_a_loop` is for another.
``phone``: a new page at phone size in a context that holds nothing: no cookie, nothing stored.

A ``Server`` has ``url``, ``log()`` (everything it printed), ``portal`` (a `Portal` in this process on the same
database and secret, to arrange things and to look), ``demo()`` (set up the demo practice and return it),
``stop()`` and ``start()`` (again, on the same port and data: what was stored is still there). One started with
``serve(moving=True)`` has a clock that ``later(days=7)`` moves, while everything else goes on; ``now`` is its time.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, build_opener

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from core.demo import Demo, start_demo
from core.portal import Portal
from core.settings import Settings
from core.store import cards, practice
from core.store.cards import Card
from core.store.practice import Therapist
from tests.browser import awaiting, kept, warm
from tests.browser.warm import Warm

ROOT = Path(__file__).resolve().parent.parent.parent
# Two browsers and their servers share a small machine: what is awaited may take its time, and is awaited no longer.
expect.set_options(timeout=40_000)
awaiting.first()
SECRET = "a secret only of these tests, long enough"
#: Chromium's own engine without the program around it: it starts and loads pages at two thirds of the cost.
CHROMIUM = "/usr/bin/chromium-headless-shell"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    kept.ONE_PROCESS,
)
#: Plain HTTP on loopback, whatever proxy this machine has.
OPENER = build_opener(ProxyHandler({}))
Result = TypeVar("Result")


@dataclass
class Server:
    """One running portal. ``warm``: a copy of a process that has loaded what it needs."""

    data: Path
    environment: dict[str, str]
    folder: Path = ROOT
    moving: bool = False
    program: str = "portal.py"
    starter: str = "streamlit"
    port: int = 0
    ahead: timedelta = timedelta()
    process: subprocess.Popen[bytes] | Warm | None = None
    warm: bool = False
    _portal: Portal | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def portal(self) -> Portal:
        if self._portal is None:
            settings = Settings.model_validate({"data": self.data, **self._settings()})
            self._portal = Portal(settings, SECRET.encode())
        return self._portal

    @property
    def now(self) -> datetime:
        """The time by this server's clock."""
        return datetime.now(UTC) + self.ahead

    def later(self, **by: float) -> None:
        """Move the clock of a moving server on."""
        assert self.moving
        self.ahead += timedelta(**by)
        # Put in place whole: the server reads it at each look at the clock.
        new = self.data / "ahead.new"
        new.write_text(str(self.ahead.total_seconds()), "utf-8")
        new.replace(self.data / "ahead")

    def _settings(self) -> dict[str, str]:
        given = {name.removeprefix("SAYSO_").lower(): value for name, value in self.environment.items()}
        return {name: value for name, value in given.items() if name in Settings.model_fields}

    def demo(self) -> Demo:
        return start_demo(self.portal.database, self.url, datetime.now(UTC))

    @property
    def therapist(self) -> Therapist:
        """The first therapist of the practice."""
        return practice.list_therapists(self.portal.database)[0]

    @property
    def cards(self) -> list[Card]:
        """The cards of the first therapist."""
        return cards.of_therapist(self.portal.database, self.therapist.id)

    def portal_card(self, number: int) -> str:
        """The code of the card whose stub shows ``number``."""
        return cards.find_number(self.portal.database, number).code

    def log(self) -> str:
        return (self.data / "server.log").read_text("utf-8")

    def has_loaded(self, *libraries: str) -> bool:
        """Whether any of these is in the server's memory. Linux tells."""
        assert self.process
        mapped = Path(f"/proc/{self.process.pid}/maps").read_text("utf-8")
        return any(f"/{library}/" in mapped for library in libraries)

    def start(self) -> None:
        self.port = self.port or _free_port()
        moving = "tests.browser.moving_clock" if self.moving else ""
        arguments = ["run", self.program, "--server.address", "127.0.0.1", "--server.port", str(self.port)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SAYSO_")}
        environment |= {"STREAMLIT_SERVER_COOKIE_SECRET": SECRET, "SAYSO_DATA": str(self.data)}
        environment |= self.environment
        log = self.data / "server.log"
        if self.warm and self.folder == ROOT:
            self.process = warm.start(arguments, environment, log, moving)
        else:
            self.process = self._cold([moving or self.starter, *arguments], environment, log)
        self._wait()

    def _cold(self, command: list[str], environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
        with log.open("ab") as out:
            return subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def _wait(self) -> None:
        for _ in range(300):
            assert self.process
            assert self.process.poll() is None, self.log()
            try:
                OPENER.open(f"{self.url}/healthz", timeout=5).close()
            except HTTPError:
                return
            except (URLError, OSError):
                time.sleep(0.1)
            else:
                return
        pytest.fail(f"the server did not answer: {self.log()}")


def in_a_loop(what: Coroutine[Any, Any, Result]) -> Result:
    """Run it to its end in a loop of its own, in another thread: the browser's is in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, what).result()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Start a server: ``serve(SAYSO_FACE="client")``, or ``serve(data=other.data)`` on the data of another.

    ``folder``: where ``portal.py`` lies, for a portal with pages made for a test. ``moving``: with a clock to move.
    """
    started: list[Server] = []

    def start(data: Path | None = None, folder: Path = ROOT, *, moving: bool = False, **environment: str) -> Server:
        server = Server(data or tmp_path_factory.mktemp("data"), environment, folder, moving, warm=True)
        server.start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()


@pytest.fixture(scope="module")
def server(serve: Callable[..., Server]) -> Server:
    return serve()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
    yield chromium
    chromium.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    with kept.context(browser, **kept.PHONE) as context:
        page = context.new_page()
        page.set_default_timeout(30_000)
        yield page

"""A WebKit to drive: Debian's ``WebKitWebDriver`` and its MiniBrowser, on a display of its own.

The protocol is W3C WebDriver: JSON over HTTP on loopback. Only as much of it as a smoke run takes.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request

from tests.browser.conftest import OPENER

DRIVER = "/usr/bin/WebKitWebDriver"
#: What an element is called in an answer, by the standard.
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
_PATIENCE = 30.0
#: The first visible element that fits, whose words begin so.
_FIND = """
var found = document.querySelectorAll(arguments[0]);
for (var i = 0; i < found.length; i++) {
  if (found[i].getClientRects().length && found[i].innerText.trim().indexOf(arguments[1]) === 0) {
    // To the middle: the driver itself stops as soon as an edge is in sight, below the bar.
    found[i].scrollIntoView({ block: "center", behavior: "instant" });
    return found[i];
  }
}
return null;
"""
_RESTING = """
return !!document.querySelector('html:not([data-asked]) [data-test-script-state=notRunning]')
  && !document.querySelector('#early');
"""


class DriverError(Exception):
    """The driver refused. The first words are the standard's name for why."""


class WebKit:
    """One window of one browser. ``base``: the driver's address."""

    def __init__(self, base: str) -> None:
        self._base = base
        options = {"binary": _mini_browser(), "args": ["--automation"]}
        wanted = {"browserName": "MiniBrowser", "webkitgtk:browserOptions": options}
        self._session = self._send("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]
        self._ask("POST", "window/rect", {"width": 390, "height": 844})

    def open(self, url: str) -> None:
        """Load an address and wait until the document is there."""
        self._ask("POST", "url", {"url": url})

    def run(self, script: str, *given: object) -> Any:
        """Run a script in the page and return what it returns."""
        return self._ask("POST", "execute/sync", {"script": script, "args": list(given)})

    def shows(self, css: str, words: str = "") -> dict[str, str]:
        """Wait until something that fits ``css`` is in sight and begins with ``words``."""
        ends = time.monotonic() + _PATIENCE
        while time.monotonic() < ends:
            found = self.run(_FIND, css, words)
            if found:
                return dict(found)
            time.sleep(0.1)
        raise AssertionError(f"{css} with {words!r} did not come; the page says: {self.text('body')}")

    def press(self, css: str, words: str = "") -> None:
        """Press it, as a finger would. A page that was drawn anew meanwhile is looked at again."""
        for _ in range(3):
            element = self.shows(css, words)[_ELEMENT]
            try:
                self._ask("POST", f"element/{element}/click", {})
            except DriverError as refused:
                if "stale element" not in str(refused):
                    raise
            else:
                return
        raise AssertionError(f"{css} never stood still")

    def settled(self) -> None:
        """Wait until the app is at rest."""
        ends = time.monotonic() + _PATIENCE
        while not self.run(_RESTING):
            assert time.monotonic() < ends, "the app does not come to rest"
            time.sleep(0.05)

    def text(self, css: str) -> str:
        """The words of the first element that fits."""
        return str(self.run("var it = document.querySelector(arguments[0]); return it ? it.innerText : '';", css))

    def close(self) -> None:
        """End the browser."""
        self._ask("DELETE", "")

    def _ask(self, method: str, what: str, content: dict[str, Any] | None = None) -> Any:
        return self._send(method, f"/session/{self._session}/{what}".rstrip("/"), content)

    def _send(self, method: str, path: str, content: dict[str, Any] | None = None) -> Any:
        body = None if content is None else json.dumps(content).encode()
        request = Request(self._base + path, body, {"Content-Type": "application/json"}, method=method)
        try:
            with OPENER.open(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except HTTPError as refused:
            value = json.load(refused)["value"]
            raise DriverError(f"{value['error']}: {value['message']}") from None


@contextmanager
def webkit() -> Iterator[WebKit]:
    """A browser on a display of its own; both end with the block."""
    with _display() as display, _driver(display) as base:
        browser = WebKit(base)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def _display() -> Iterator[str]:
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "800x1000x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(write,), stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as number, _ended(server):
        yield f":{number.readline().strip()}"


@contextmanager
def _driver(display: str) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # No graphics card, no accessibility bus, no proxy: as on a bare machine.
    bare = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    bare |= {"DISPLAY": display, "GDK_BACKEND": "x11", "LIBGL_ALWAYS_SOFTWARE": "1", "NO_AT_BRIDGE": "1"}
    driver = subprocess.Popen([DRIVER, f"--port={port}"], env=bare, stderr=subprocess.DEVNULL)
    with _ended(driver):
        _wait_for(f"http://127.0.0.1:{port}/status")
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(address: str) -> None:
    for _ in range(200):
        try:
            OPENER.open(address, timeout=5).close()
        except (URLError, OSError):
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the driver did not answer")


def _mini_browser() -> str:
    # Its folder is named after the version of the toolkit it is built for.
    return str(next(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser")))

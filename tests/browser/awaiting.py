"""Wait first, assert then: what an assertion of Playwright looks for in vain costs more than the page itself.

At each such look it describes the whole page to a screen reader, for a message that is hardly ever shown. A plain
wait looks as often, and describes nothing.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

from playwright._impl.locator import Locator
from playwright.sync_api import Error

#: What is waited for, by the assertion and whether it is turned round.
STATES = {
    ("to.be.visible", False): "visible",
    ("to.be.visible", True): "hidden",
    ("to.be.hidden", False): "hidden",
    ("to.be.hidden", True): "visible",
    ("to.be.checked", False): "attached",
    ("to.have.text", False): "attached",
}
#: An assertion looks once more however long the wait took, in milliseconds.
_LEAST = 500
_assert = Locator._expect


def first() -> None:
    """Let each assertion about a part of a page wait like that. What it asserts stays as it is."""
    Locator._expect = _wait_and_assert


async def _wait_and_assert(self: Locator, expression: str, options: dict[str, Any], title: str | None) -> Any:
    if state := STATES.get((expression, options["isNot"])):
        until = time.monotonic() + options["timeout"] / 1000
        # What is wrong, the assertion says.
        with suppress(Error):
            await self.wait_for(timeout=options["timeout"], state=state)
        options = {**options, "timeout": max(_LEAST, (until - time.monotonic()) * 1000)}
    return await _assert(self, expression, options, title)

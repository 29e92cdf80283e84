"""Every screen of a client, in every state: axe finds nothing, what is measured fits, nothing is left in English.

Each is looked at twice in each language, so that it meets every pair of size, light and language (`walk_inspect`).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from core.text import LANGUAGES
from tests.browser import walk_all
from tests.browser.conftest import Server
from tests.browser.walk import Walk
from tests.browser.walk_axe import Axe
from tests.browser.walk_inspect import Inspector
from tests.browser.walk_limits import CLIENT


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_client_screen_is_for_everybody(serve: Callable[..., Server], browser: Browser, language: str) -> None:
    inspector = Inspector(language, Axe(CLIENT))
    walk_all.clients(Walk(browser, serve(moving=True), language, inspector, {"reduced_motion": "reduce"}))
    assert "\n".join(f"{name}: {one}" for name, wrong in inspector.found.items() for one in wrong) == ""
    assert set(CLIENT) == set(inspector.axe.met)

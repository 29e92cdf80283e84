"""Every screen of staff, in every state that differs: axe finds nothing, and what is measured fits."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from core.text import LANGUAGES
from tests.browser import walk_all
from tests.browser.conftest import Server
from tests.browser.walk import Walk
from tests.browser.walk_axe import Axe
from tests.browser.walk_inspect import Inspector
from tests.browser.walk_limits import STAFF

#: One language, to save time: each screen is met on a phone and on a desk, in the dark and in the light, in English.
#: In every language, and in all eight settings, it is for `make test-deep`.
SPOKEN = LANGUAGES if os.environ.get("SAYSO_TESTS") == "deep" else LANGUAGES[:1]


@pytest.mark.parametrize("language", SPOKEN)
def test_every_staff_screen_is_for_everybody(serve: Callable[..., Server], browser: Browser, language: str) -> None:
    inspector = Inspector(language, Axe(STAFF))
    walk_all.staff(Walk(browser, serve(moving=True), language, inspector, {"reduced_motion": "reduce"}))
    assert "\n".join(f"{name}: {one}" for name, wrong in inspector.found.items() for one in wrong) == ""
    assert set(STAFF) == set(inspector.axe.met)

"""``site``: the portal's routes and middleware on a database of their own, and one browser that keeps its cookie."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

import pytest
import streamlit
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount

from core.demo import PASSPHRASE, Demo, start_demo
from core.keys import TherapistKeys
from core.portal import Portal
from core.settings import Settings
from core.store import practice
from core.web.stack import Stack, stack
from tests.core.web.asgi import Answer, Seen, request

FRONTEND = Path(streamlit.__file__).parent / "static"
SECRET = b"of these tests only"


@dataclass
class Site:
    """A portal as a browser meets it."""

    portal: Portal
    ended: list[str] = field(default_factory=list)
    demo: Demo | None = None
    keys: TherapistKeys | None = None
    cookie: str = ""

    def __post_init__(self) -> None:
        self.stack: Stack = stack(self.portal, FRONTEND, ["localhost"], self.ended.append)
        self.app = self.app_with(*self.stack.routes)

    def app_with(self, *routes: BaseRoute) -> Starlette:
        # Streamlit's own page answers whatever no route takes: nothing may get as far as that.
        routes = [*routes, Mount("/", app=Seen())]
        return Starlette(routes=routes, middleware=list(self.stack.middleware))

    def ask(self, path: str, form: dict[str, str] | None = None, *, app: Starlette | None = None, **more) -> Answer:
        """Ask as this browser: a form makes it a POST. Follows no redirect."""
        headers = {"sec-fetch-site": "same-origin" if form is not None else "none"} | more.pop("headers", {})
        if self.cookie:
            headers["cookie"] = self.cookie
        if form is not None:
            more |= {"method": "POST", "body": urlencode(form).encode()}
        answer = request(app or self.app, path, headers=headers, **more)
        if answer.header("set-cookie"):
            self.cookie = answer.cookie
        return answer

    @property
    def binding(self) -> str:
        return sha256(self.cookie.partition("=")[2].encode()).hexdigest()

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)


def hidden(text: str, action: str) -> dict[str, str]:
    """The hidden fields of the form with this action."""
    form = re.search(rf'<form[^>]* action="{re.escape(action)}"[^>]*>(.*?)</form>', text, re.DOTALL)
    assert form, action
    return dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form[1]))


@pytest.fixture(scope="session")
def cache(tmp_path_factory) -> Path:
    """Assets compressed once for all tests."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory) -> tuple[Path, Demo, TherapistKeys]:
    """A demo practice made once for all tests: its data folder, and the therapist's keys."""
    folder = tmp_path_factory.mktemp("demo")
    portal = Portal(Settings(data=folder), SECRET)
    demo = start_demo(portal.database, "https://sayso.example.org", datetime.now(UTC))
    _, keys = practice.unlock(portal.database, demo.therapist.id, PASSPHRASE)
    portal.database.close()
    return folder, demo, keys


@pytest.fixture
def portal_of(tmp_path, cache):
    """Make a portal on this test's own data folder, for a face."""
    made = []
    (tmp_path / "cache").symlink_to(cache)

    def make(face: str = "all") -> Portal:
        settings = Settings(data=tmp_path, leave_to="https://neutral.example", face=face)
        made.append(Portal(settings, SECRET))
        return made[-1]

    yield make
    for portal in made:
        portal.database.close()


@pytest.fixture
def site(portal_of) -> Site:
    return Site(portal_of())


@pytest.fixture
def clinic_site(portal_of, demo_data, tmp_path) -> Site:
    """A site whose demo practice is set up: ``demo`` has its therapist and cards, ``keys`` the therapist's keys."""
    folder, demo, keys = demo_data
    shutil.copy(folder / "sayso.sqlite3", tmp_path)
    return Site(portal_of(), demo=demo, keys=keys)

"""The real server and a real browser: the policy changes nothing, a session stays its browser's, the log is silent."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from core.web.binding import HEADER
from tests.browser.conftest import OPENER, ROOT, Server

CANARY = "never-to-video-K7QM"
#: Of phones.
WIDTHS = (320, 390)


@pytest.fixture(scope="module")
def card(server: Server) -> str:
    """The address of a card of the demo practice."""
    return f"{server.url}/C/{server.demo().cards[0].code}"


def to_choices(page: Page, card: str) -> None:
    """From the card to the first page of choices."""
    page.goto(card)
    page.click("form[action$='/start'] button")
    page.wait_for_selector("[data-testid='stMain'] h1")
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/choose")
    page.wait_for_selector("[data-testid='stRadioGroup']")


# --- the policy --------------------------------------------------------------------------------------------


@pytest.fixture
def contexts(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    made: list[BrowserContext] = []

    def make(**more) -> BrowserContext:
        made.append(browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce", **more))
        return made[-1]

    yield make
    for context in made:
        context.close()


def pictures(context: BrowserContext, card: str) -> tuple[list[bytes], list[str]]:
    """Take each screen's picture on the way to the choices, and collect what the console complains of."""
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    shots = []
    page.goto(card)
    shots.append(page.screenshot(full_page=True))
    page.click("form[action$='/start'] button")
    page.wait_for_selector("[data-testid='stMain'] h1")
    page.wait_for_timeout(1000)
    shots.append(page.screenshot(full_page=True))
    page.get_by_role("button", name="Go on").click()
    page.wait_for_selector("[data-testid='stRadioGroup']")
    page.get_by_text("Place by place").click()
    page.wait_for_selector("[data-testid='stRadioGroup'] >> nth=5")
    page.wait_for_timeout(1000)
    shots.append(page.screenshot(full_page=True))
    return shots, said


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_policy_breaks_nothing_and_changes_no_pixel(contexts, card, scheme) -> None:
    guarded, said = pictures(contexts(color_scheme=scheme), card)
    assert said == []
    unguarded, _ = pictures(contexts(color_scheme=scheme, bypass_csp=True), card)
    assert len(guarded) == 3
    assert guarded == unguarded


def test_the_policy_is_really_in_force(phone: Page, card: str) -> None:
    phone.goto(card)
    refused = "() => fetch('https://elsewhere.example/').then(() => 'went', () => 'refused')"
    events = """() => new Promise(done => {
        document.addEventListener('securitypolicyviolation', event => done(event.effectiveDirective));
        const script = document.createElement('script');
        script.textContent = 'window.ran = 1';
        document.head.append(script);
    })"""
    assert phone.evaluate(events) == "script-src-elem"
    assert phone.evaluate("window.ran") is None
    assert phone.evaluate(refused) == "refused"


@pytest.fixture(scope="module")
def asked(browser: Browser, card: str) -> list[str]:
    """Every address that a new phone asks for on the way to the choices."""
    found: list[str] = []
    context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    context.on("request", lambda request: found.append(request.url))
    pictures(context, card)
    context.close()
    return found


def test_nothing_is_asked_of_any_other_host(server, asked) -> None:
    assert len(asked) > 20
    assert [url for url in asked if not url.startswith((f"{server.url}/", "data:"))] == []


def test_no_font_is_downloaded(asked) -> None:
    assert [url for url in asked if ".woff2" in url and not url.startswith("data:")] == []


# --- the session stays its browser's -----------------------------------------------------------------------


def cookie_from(server: Server) -> str:
    with OPENER.open(f"{server.url}/") as answer:
        return answer.headers["Set-Cookie"].partition(";")[0]


def join(server: Server, session: str = "", **headers: str) -> ClientConnection:
    """Open the app's websocket, asking for ``session`` to be continued."""
    return connect(
        f"ws://localhost:{server.port}/_stcore/stream",
        subprotocols=["streamlit", "-", *([session] if session else [])],
        additional_headers=headers,
        proxy=None,
    )


def session_of(websocket: ClientConnection) -> str:
    """Ask for a run of the app, and return the session it runs in."""
    message = BackMsg()
    message.rerun_script.query_string = ""
    websocket.send(message.SerializeToString())
    while True:
        got = ForwardMsg.FromString(websocket.recv(timeout=20))
        if got.WhichOneof("type") == "new_session":
            return got.new_session.initialize.session_id


def test_a_browser_goes_on_in_its_own_session(server) -> None:
    mine = cookie_from(server)
    with join(server, Cookie=mine) as websocket:
        session = session_of(websocket)
    with join(server, session, Cookie=mine) as websocket:
        assert session_of(websocket) == session


@pytest.mark.parametrize("while_connected", [True, False])
def test_nobody_else_can_take_a_session_over_by_knowing_its_id(server, while_connected) -> None:
    mine, other = cookie_from(server), cookie_from(server)
    assert mine != other
    with join(server, Cookie=mine) as websocket:
        session = session_of(websocket)
        if not while_connected:
            websocket.close()
        with join(server, session, Cookie=other) as thief:
            assert session_of(thief) != session
        spoofed = {"Cookie": other, HEADER: "0" * 64}
        with join(server, session, **spoofed) as thief:
            assert session_of(thief) != session


@pytest.mark.parametrize("headers", [{}, {"Cookie": "binding=x"}, {HEADER: "0" * 64}])
def test_without_a_cookie_of_its_own_nobody_gets_a_session_at_all(server, headers) -> None:
    with pytest.raises(InvalidStatus) as refused, join(server, **headers):
        pass
    assert refused.value.response.status_code == 403


def test_leaving_ends_this_browsers_sessions_and_no_other(server) -> None:
    mine, other = cookie_from(server), cookie_from(server)
    with join(server, Cookie=mine) as websocket, join(server, Cookie=other) as neighbour:
        left, stays = session_of(websocket), session_of(neighbour)
        OPENER.open(Request(f"{server.url}/leave", data=b"", headers={"Cookie": mine})).close()
    with join(server, left, Cookie=mine) as websocket, join(server, stays, Cookie=other) as neighbour:
        assert session_of(websocket) != left
        assert session_of(neighbour) == stays


def test_no_script_can_read_what_names_the_browser(phone: Page, card: str) -> None:
    to_choices(phone, card)
    assert "binding" not in phone.evaluate("document.cookie")
    (cookie,) = [one for one in phone.context.cookies() if one["name"] == "binding"]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Strict"


# --- addresses ---------------------------------------------------------------------------------------------


def status_of(server: Server, path: str, method: str = "GET") -> int:
    request = Request(f"{server.url}{path}", method=method, headers={"Accept": "text/html"})
    try:
        with OPENER.open(request) as answer:
            return int(answer.status)
    except HTTPError as error:
        return int(error.code)


CLOSED = ["/_stcore/agent/openapi.json", "/_stcore/agent/interact", "/_stcore/metrics", "/nowhere", "/component/x/y"]


@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_nobody_needs_is_not_there(server, path, method) -> None:
    assert status_of(server, path, method) == 404


def test_the_client_face_has_no_staff_page_and_no_upload(serve, server, card) -> None:
    client = serve(data=server.data, SAYSO_FACE="client")
    code = card.rpartition("/")[2]
    assert status_of(client, f"/C/{code}") == 200
    assert status_of(client, "/explain") == 200
    for path in ("/setup", "/unlock", "/inbox", "/people", "/cards", "/settings", "/demo"):
        assert status_of(client, path) == 404, path
    assert status_of(client, "/_stcore/upload_file/session/file", "PUT") == 404
    assert "/unlock" not in OPENER.open(f"{client.url}/").read().decode()


def test_the_staff_face_has_no_client_page(serve, server, card) -> None:
    staff = serve(data=server.data, SAYSO_FACE="staff")
    code = card.rpartition("/")[2]
    for path in ("/explain", "/choose", "/mine", f"/C/{code}"):
        assert status_of(staff, path) == 404, path
    assert status_of(staff, "/unlock") == 200


def test_under_another_name_nothing_is_answered(serve) -> None:
    known = serve(STREAMLIT_SERVER_ALLOWED_HOSTS="localhost")
    request = Request(f"{known.url}/", headers={"Host": "evil.example"})
    with pytest.raises(HTTPError) as refused:
        OPENER.open(request)
    assert refused.value.code == 421
    assert status_of(known, "/") == 200


# --- screens -----------------------------------------------------------------------------------------------


def test_a_new_screen_starts_at_its_top_with_the_focus_on_its_heading(phone: Page, card: str) -> None:
    to_choices(phone, card)
    phone.wait_for_function("document.activeElement.tagName === 'H1'")
    assert phone.evaluate("scrollY") == 0
    assert phone.evaluate("document.documentElement.lang") == "en"
    assert phone.title() == "My page"


def test_an_answer_on_the_same_screen_leaves_the_focus_where_it_is(phone: Page, card: str) -> None:
    to_choices(phone, card)
    phone.get_by_text("Place by place").click()
    phone.wait_for_selector("[data-testid='stRadioGroup'] >> nth=5")
    phone.wait_for_timeout(400)
    assert phone.evaluate("document.activeElement.type") == "radio"


def test_nothing_scrolls_sideways_and_targets_are_large(phone: Page, card: str) -> None:
    phone.goto(card)
    assert_fits(phone)
    to_choices(phone, card)
    phone.get_by_text("Place by place").click()
    phone.wait_for_selector("[data-testid='stRadioGroup'] >> nth=5")
    assert_fits(phone)
    # Streamlit's skip link is there for the keyboard only, and out of sight until it has the focus.
    small = """() => [...document.querySelectorAll('button, summary, [data-testid=stRadioGroup] > div, a')]
        .filter(e => e.dataset.testid !== 'stSkipToContent')
        .map(e => [e.textContent, e.getBoundingClientRect()])
        .filter(([, r]) => r.width && r.height && (r.height < 44 || r.width < 44))
        .map(([t, r]) => [t, r.height, r.width])"""
    for width in WIDTHS:
        phone.set_viewport_size({"width": width, "height": 640})
        assert phone.evaluate(small) == [], width


def assert_fits(page: Page) -> None:
    """Nothing of it is wider than any phone."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_leave_now_forgets_here_and_there_and_replaces_the_page(server, browser: Browser, card: str) -> None:
    context = browser.new_context()
    context.route("https://www.weather.gov/**", lambda route: route.fulfill(body="elsewhere"))
    page = context.new_page()
    to_choices(page, card)
    page.get_by_text("Place by place").click()
    page.wait_for_selector("[data-testid='stRadioGroup'] >> nth=5")
    page.evaluate("sessionStorage.setItem('x', '1')")
    page.get_by_role("button", name="Leave now").click()
    page.wait_for_url("https://www.weather.gov/**")
    page.wait_for_timeout(500)
    assert [one["name"] for one in context.cookies() if one["name"] == "binding"] == []
    # Back: the screen is not there any more, and what was chosen is not kept.
    page.goto(f"{server.url}/choose")
    page.wait_for_selector("[data-testid='stMain'] h1")
    assert page.inner_text("h1") == "Not kept"
    assert page.evaluate("sessionStorage.getItem('x')") is None
    context.close()


def test_one_tap_copies_the_personal_code(browser: Browser, card: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(card)
    page.click("form[action$='/no'] button")
    page.click("[data-copy='personal']")
    page.wait_for_selector("[data-copy='personal'][data-done]")
    assert page.evaluate("navigator.clipboard.readText()") == page.inner_text("#personal")
    context.close()


def test_leave_now_works_without_script(browser: Browser, card: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.route("https://www.weather.gov/**", lambda route: route.fulfill(body="elsewhere"))
    page = context.new_page()
    page.goto(card)
    page.click("form.leave button")
    page.wait_for_url("https://www.weather.gov/**")
    context.close()


def test_the_personal_link_leaves_the_address_at_once(server, phone: Page) -> None:
    addresses: list[str] = []
    phone.on("request", lambda request: addresses.append(request.url))
    phone.on("framenavigated", lambda frame: addresses.append(frame.url) if "#" not in frame.url else None)
    phone.goto(f"{server.url}/mine#K7QM2XPF.CANARY")
    phone.wait_for_function("location.hash === ''")
    phone.wait_for_selector("[data-testid='stMain'] h1")
    assert phone.url == f"{server.url}/mine"
    assert [address for address in addresses if "CANARY" in address and not address.endswith("#K7QM2XPF.CANARY")] == []
    assert "CANARY" not in phone.evaluate("JSON.stringify([...performance.getEntries()].map(e => e.name))")


def test_a_lost_connection_is_said_and_taken_back(phone: Page, card: str) -> None:
    to_choices(phone, card)
    phone.context.set_offline(offline=True)
    phone.wait_for_selector("#offline:not([hidden])")
    assert "The connection is gone" in phone.inner_text("#offline")
    phone.context.set_offline(offline=False)
    phone.wait_for_selector("#offline", state="hidden")


def test_going_back_from_the_app_to_the_card_shows_the_card(phone: Page, card: str) -> None:
    to_choices(phone, card)
    phone.go_back()
    phone.wait_for_url("**/explain")
    phone.go_back()
    phone.wait_for_url(card)
    assert phone.locator("form[action$='/no']").count() == 1


# --- the log -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def breaking(serve, tmp_path_factory) -> Server:
    """A portal whose page breaks with something in its error that no log may hold."""
    folder = tmp_path_factory.mktemp("breaking")
    shutil.copy(ROOT / "portal.py", folder)
    shutil.copytree(ROOT / ".streamlit", folder / ".streamlit")
    (folder / "pages").mkdir()
    page = f"import streamlit as st\nst.title('Here')\nraise ValueError('{CANARY}')\n"
    (folder / "pages" / "navigation.py").write_text(page)
    return serve(folder=folder, PYTHONPATH=str(ROOT))


def test_what_a_broken_page_says_reaches_neither_the_log_nor_the_browser(breaking, phone: Page) -> None:
    phone.goto(f"{breaking.url}/explain")
    phone.wait_for_selector("[data-testid='stAlert']")
    assert "Something broke on our side" in phone.inner_text("[data-testid='stAlert']")
    assert CANARY not in phone.content()
    assert "ValueError" in breaking.log()
    assert CANARY not in breaking.log()


def test_the_log_says_nothing_of_who_came_and_where_they_went(server, card) -> None:
    assert card.rpartition("/")[2] not in server.log()
    lines = [line for line in server.log().splitlines() if line.strip()]
    assert [line for line in lines if not line.startswith("Set-up code")] == []


def test_the_frontends_versions_are_those_of_the_page(server) -> None:
    page = OPENER.open(f"{server.url}/explain").read().decode()
    original = (Path(__import__("streamlit").__file__).parent / "static" / "index.html").read_text("utf-8")
    wanted = re.findall(r'<script[^>]* src="\./([^"]+)"', original)
    assert all(f'src="/{name}"' in page for name in wanted)

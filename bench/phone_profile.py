"""``make bench-phone``: what a client waits for on a slow phone, beside a plain ``streamlit run`` of the same pages.

Each round walks from the card to the saved token over a slow line with nothing in the cache (`bench.slow_phone`), then
opens the choice page directly, says no to everything, and does what is alike with the plain app and with the words of
the first page as a static file. Lighthouse's scores stand beside (`bench.scores`).
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Thread
from urllib.request import Request

from playwright.sync_api import Browser, Error, sync_playwright

from bench import scores
from bench.link import Link, slow_line
from bench.scores import Cookie, NoLighthouse, Scores, Wanted
from bench.slow_phone import Hand, hand
from core.drafts import QUESTIONS
from core.text import Words
from core.web import own_assets
from tests.browser.conftest import ARGUMENTS, OPENER, ROOT, Server

WORDS = Words()
#: How long a client reads the first words before the tap, in seconds.
READING = 6
PLACES = {"video": "ask", "post": "composite", "audio": "never", "print": "disguised"}
#: In the app, and where it stands in the page before the app does.
APP_CHOICE = ".st-key-way input[type=radio]"
FIRST_CHOICE = f"#early .pick input, {APP_CHOICE}"
ONWARD = "#early .onward, .st-key-onward button"


@dataclass
class Figures:
    """What was measured, by row: seconds, and KiB over the line."""

    times: dict[str, list[float]] = field(default_factory=dict)
    sizes: dict[str, list[float]] = field(default_factory=dict)

    def note(self, what: str, seconds: float, kib: float | None = None) -> None:
        """Note one measurement."""
        self.times.setdefault(what, []).append(seconds)
        if kib is not None:
            self.sizes.setdefault(what, []).append(kib)


def first_words(phone: Hand, address: str, figures: Figures) -> None:
    """Open a page of words, and note when they were painted."""
    phone.open(address, "main h1")
    figures.note("welcome", phone.painted(), phone.sent())


def way(phone: Hand, card: str, figures: Figures) -> None:
    """From the card to the token: read, choose place by place, save."""
    phone.open(f"/c/{card}", "main h1")
    figures.note("welcome", phone.painted())
    before = phone.link.carried
    phone.read(READING)
    figures.sizes.setdefault("read ahead", []).append((phone.link.carried - before) / 1024)
    first = phone.tap("form[action$='/start'] button", ONWARD)
    figures.note("explain", first, phone.sent())
    second = phone.tap(ONWARD, FIRST_CHOICE)
    figures.note("choose", second, phone.sent())
    figures.note("first choice", first + second)
    figures.note("app", phone.wait(APP_CHOICE))
    steps(phone, figures)


def steps(phone: Hand, figures: Figures) -> None:
    """Every later step, from the choice page to the saved token."""
    pick(phone, "way", WORDS("choose.way.each.label"), ".st-key-channel-video input")
    new_screen(phone, figures, "each")
    for channel, treatment in PLACES.items():
        figures.note("a place", pick(phone, f"channel-{channel}", WORDS(f"treatment.{treatment}.label")), phone.sent())
    onward(phone, figures, "limits")
    pick(phone, "material-story", WORDS("material.story.label"))
    pick(phone, "term", WORDS("term.6.label"))
    onward(phone, figures, "questions")
    for question, right in QUESTIONS.items():
        pick(phone, f"question-{question}-0", WORDS(f"questions.{question}.{right}"))
    onward(phone, figures, "check")
    phone.tap(".st-key-own label", ".st-key-own input:checked")
    phone.tap(".st-key-save button", ".ack")
    new_screen(phone, figures, "done")


def pick(phone: Hand, key: str, label: str, then: str = "") -> float:
    """Pick an option. Returns the seconds until the app is at rest again and shows ``then``."""
    option = f".st-key-{key} label:has-text({label!r})"
    return phone.tap(option, then or f".st-key-{key} input:checked")


def onward(phone: Hand, figures: Figures, screen: str) -> None:
    """Go on to a screen."""
    phone.tap(ONWARD, "h1", WORDS(f"{screen}.title"))
    new_screen(phone, figures, screen)


def new_screen(phone: Hand, figures: Figures, screen: str) -> None:
    """Note when the screen was full of what the last tap led to, when all of the page was there, and the worst wait."""
    step = phone.last
    if step is None:
        raise ValueError(screen)
    figures.note(screen, step.drawn, phone.sent())
    figures.note(f"{screen} whole", step.whole)
    figures.note("deaf", step.deaf)


def no(phone: Hand, card: str, figures: Figures) -> None:
    """No to everything, at once."""
    before = phone.link.carried
    phone.open(f"/c/{card}", "main h1")
    figures.note("no", phone.tap("form[action$='/no'] button", "h1", WORDS("done_no.title")))
    phone.sent()
    figures.sizes.setdefault("no", []).append((phone.link.carried - before) / 1024)


def plain_way(phone: Hand, figures: Figures) -> None:
    """What is alike with the plain app: its first words, the choices, the later steps."""
    figures.note("welcome", phone.open("/explain", ONWARD), phone.sent())
    figures.note("choose", phone.tap(ONWARD, FIRST_CHOICE), phone.sent())
    steps(phone, figures)


def deep_link(phone: Hand, figures: Figures) -> None:
    """Open the choice page itself."""
    figures.note("deep link", phone.open("/choose", FIRST_CHOICE))
    figures.note("deep app", phone.wait(APP_CHOICE), phone.sent())


@contextmanager
def portal(folder: Path) -> Iterator[Server]:
    """Run the portal, as clients see it in practice."""
    folder.mkdir()
    server = Server(folder, {"SAYSO_FACE": "client"})
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def plain(folder: Path) -> Iterator[Server]:
    """Run the same pages with ``streamlit run`` and nothing else."""
    app = folder / "app"
    shutil.copytree(ROOT / "pages", app, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "bench" / "plain_start.py", app / "plain_start.py")
    environment = {"PYTHONPATH": str(ROOT), "SAYSO_FACE": "client", "STREAMLIT_SERVER_HEADLESS": "true"}
    environment |= {"STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false"}
    server = Server(folder, environment, app, program="plain_start.py")
    environment["BENCH_CARD"] = server.demo().cards[0].code
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def static(folder: Path, page: str) -> Iterator[int]:
    """Serve one file, as it is. Yields the port."""
    folder.mkdir()
    (folder / "index.html").write_text(page, "utf-8")

    class Quiet(SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()


def page_alone(server: Server, card: str) -> str:
    """Return the first page with its look in it, and without its script: what could be saved as a file."""
    asked = Request(f"{server.url}/c/{card}", headers={"Accept": "text/html"})  # noqa: S310 on this machine
    with OPENER.open(asked) as answer:
        page: str = answer.read().decode()
    bare = re.sub(r"<script.*?</script>|<link[^>]*>|<meta name=.ahead[^>]*>", "", page, flags=re.DOTALL)
    return bare.replace("</head>", f"<style>{own_assets.look()}</style></head>")


@dataclass(frozen=True, slots=True)
class Lines:
    """A line to each of the three."""

    portal: Link
    plain: Link
    static: Link


@dataclass
class Measured:
    """The figures of the three. ``missing``: why Lighthouse says nothing; ``stuck``: walks that were not finished."""

    portal: Figures = field(default_factory=Figures)
    plain: Figures = field(default_factory=Figures)
    static: Figures = field(default_factory=Figures)
    scores: list[Scores] = field(default_factory=list)
    missing: str = ""
    stuck: list[str] = field(default_factory=list)


def one_round(browser: Browser, lines: Lines, card: str, made: Measured) -> None:
    """Measure everything once, in turns. A walk that does not come to its end is said, and the others go on."""
    walks: list[tuple[Link, str, Callable[[Hand], None]]] = [
        (lines.static, "", lambda phone: first_words(phone, "/", made.static)),
        (lines.portal, "", lambda phone: way(phone, card, made.portal)),
        (lines.plain, "", lambda phone: plain_way(phone, made.plain)),
        (lines.portal, card, lambda phone: deep_link(phone, made.portal)),
        (lines.plain, "", lambda phone: deep_link(phone, made.plain)),
        (lines.portal, "", lambda phone: no(phone, card, made.portal)),
    ]
    for link, held, walk in walks:
        with hand(browser, link, held) as phone:
            try:
                walk(phone)
            except (TimeoutError, Error) as stuck:
                made.stuck.append(str(stuck).splitlines()[0])


def looked_at(ours: Server, bare: Server, card: str) -> list[Scores]:
    """Return Lighthouse's scores. It slows the browser itself, so it needs no slow line. Raises ``NoLighthouse``."""
    scanned = OPENER.open(Request(f"{ours.url}/c/{card}", headers={"Accept": "text/html"}))  # noqa: S310 the same
    name, _, value = scanned.headers["Set-Cookie"].partition(";")[0].partition("=")
    start = Request(f"{ours.url}/c/{card}/start", b"", {"Cookie": f"{name}={value}"})  # noqa: S310 the same
    OPENER.open(start).close()
    pages = [
        Wanted("the first page", f"{ours.url}/c/{card}"),
        Wanted("the choice page", f"{ours.url}/choose", Cookie(name, value)),
        Wanted("the choice page, plain `streamlit run`", f"{bare.url}/choose"),
    ]
    return scores.measured(pages)


def measure(folder: Path, rounds: int, *, lighthouse: bool) -> Measured:
    """Return what so many rounds measured."""
    made = Measured()
    with portal(folder / "portal") as ours, plain(folder) as bare:
        codes = [card.code for card in ours.demo().cards]
        with (
            static(folder / "static", page_alone(ours, codes[0])) as file,
            slow_line(ours.port) as to_ours,
            slow_line(bare.port) as to_bare,
            slow_line(file) as to_file,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(ARGUMENTS))
            for number in range(rounds):
                one_round(browser, Lines(to_ours, to_bare, to_file), codes[number % len(codes)], made)
            browser.close()
        if lighthouse:
            try:
                made.scores = looked_at(ours, bare, codes[0])
            except NoLighthouse as missing:
                made.missing = str(missing)
    return made


ROWS = {
    "welcome": "first words can be read",
    "explain": f"from the tap, after {READING} seconds of reading, to the next screen",
    "choose": "from there to the first choice",
    "first choice": "both waits until the first choice",
    "app": "the app is there too, from the last of these taps",
    "deep link": "the choice page opened directly, until a choice can be made",
    "deep app": "the same, until the app is there",
    "each": "place by place: the screen is full of the questions",
    "each whole": "… all of the page is there",
    "a place": "one place chosen, and kept",
    "limits": "on to the limits: a full screen",
    "limits whole": "… all of the page",
    "questions": "on to the questions: a full screen",
    "questions whole": "… all of the page",
    "check": "on to the check: a full screen",
    "check whole": "… all of the page",
    "done": "saved, with the code to show: a full screen",
    "done whole": "… all of the page",
    "deaf": "from a full screen to all of the page: the longest time a finger waits",
    "no": "no to everything, from the tap; bytes from the scan on",
}


def table(made: Measured) -> list[str]:
    """Return the table, a line each."""
    lines = [
        "| what | the portal | plain `streamlit run` | static file | portal / plain | portal / file |",
        "|---|---|---|---|---|---|",
    ]
    for key, name in ROWS.items():
        cells = [_cell(one, key) for one in (made.portal, made.plain, made.static)]
        ratios = [_ratio(made.portal, other, key) for other in (made.plain, made.static)]
        lines.append(f"| {name} | {' | '.join(cells + ratios)} |")
    return lines


def _ratio(ours: Figures, other: Figures, key: str) -> str:
    """Return by how much the median differs, both measured in turns in this run."""
    if key not in ours.times or key not in other.times or not median(other.times[key]):
        return "–"
    return f"{median(ours.times[key]) / median(other.times[key]):.2f}"


def _cell(figures: Figures, key: str) -> str:
    times, sizes = figures.times.get(key), figures.sizes.get(key)
    if not times:
        return "–"
    size = f", {median(sizes):,.0f} KiB" if sizes else ""
    return f"{median(times):.2f} s ({min(times):.2f}–{max(times):.2f}){size}"


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.phone_profile")
    parser.add_argument("--rounds", type=int, default=3, help="how often everything is measured (default: 3)")
    parser.add_argument("--no-lighthouse", action="store_true", help="leave Lighthouse out")
    asked = parser.parse_args(arguments)
    os.chdir(ROOT)
    with TemporaryDirectory() as folder:
        made = measure(Path(folder), asked.rounds, lighthouse=not asked.no_lighthouse)
    load = os.getloadavg()[0]
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}, load {load:.1f}.")
    print(f"Median of {asked.rounds} rounds, with the smallest and the largest.\n")
    print(*table(made), sep="\n")
    if made.stuck:
        print(f"\n{len(made.stuck)} walks did not come to their end: {'; '.join(made.stuck)}")
    if made.scores:
        print("", *scores.HEAD, *(one.row() for one in made.scores), sep="\n")
        print("", *(f"{one.name}: {', '.join(one.failed) or 'nothing failed'}" for one in made.scores), sep="\n")
    elif made.missing:
        print(f"\n{made.missing}")


if __name__ == "__main__":
    main(sys.argv[1:])

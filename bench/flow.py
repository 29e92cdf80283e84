"""``python -m bench.flow``: how many clients a core can take through the whole way, beside plain Streamlit.

Phones walk over real websockets from the card to the saved token (`bench.way`), and then through an app with the same
screens and widgets and nothing behind them (`bench.bare_page`), in turns. What counts is the processor time of the
server's own process, so that the phones, which run on the same machine, and other work on it weigh as little as
possible. The portal is the client face, on SQLite, without a server in front.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any

from streamlit.proto.Element_pb2 import Element
from streamlit.proto.LabelVisibility_pb2 import LabelVisibility

from bench.phone import Lost, Phone
from bench.way import walk
from core.store import cards
from core.store.cards import Order
from tests.browser.conftest import ROOT, Server

Walk = Callable[[Phone, int], Coroutine[None, None, None]]


@dataclass(frozen=True, slots=True)
class Step:
    """One tap: the phone's method, the widget's key, and the option's label for a question."""

    how: str
    key: str
    label: str = ""


@dataclass
class Recorder(Phone):
    """A phone that notes what was tapped and what stood on the screen after each run."""

    steps: list[Step] = field(default_factory=list)
    seen: list[list[Element]] = field(default_factory=list)

    async def open(self, page: str) -> None:
        """Open the app, and note its first screen."""
        await super().open(page)
        self.seen.append(self.elements)

    async def tap(self, key: str) -> None:
        """Tap a button, and note it."""
        await super().tap(key)
        self._note(Step("tap", key))

    async def tick(self, key: str) -> None:
        """Tick a box, and note it."""
        await super().tick(key)
        self._note(Step("tick", key))

    async def pick(self, key: str, label: str) -> None:
        """Pick an option, and note it."""
        await super().pick(key, label)
        self._note(Step("pick", key, label))

    def _note(self, step: Step) -> None:
        self.steps.append(step)
        self.seen.append(self.elements)

    def screens(self) -> list[list[list[dict[str, Any]]]]:
        """Return, for each screen, what stood there after each of its runs. A tap on a button leads to the next."""
        found = [[plainly(self.seen[0])]]
        for step, elements in zip(self.steps, self.seen[1:], strict=True):
            if step.how == "tap":
                found.append([])
            found[-1].append(plainly(elements))
        return found


def plainly(elements: list[Element]) -> list[dict[str, Any]]:
    """Return elements as `bench.bare_page` reads them."""
    return [_plain(one.WhichOneof("type") or "", getattr(one, one.WhichOneof("type") or "")) for one in elements]


def _plain(kind: str, content: Any) -> dict[str, Any]:
    told = {"kind": kind, "label": getattr(content, "label", "") or getattr(content, "body", "")}
    if hasattr(content, "id") and content.id:
        told["key"] = content.id.split("-", 2)[2]
    if kind == "button":
        told["type"] = content.type
    if kind == "radio":
        told |= {"options": list(content.options), "captions": list(content.captions)}
        told["visible"] = content.label_visibility.value == LabelVisibility.LabelVisibilityOptions.VISIBLE
    return told


@dataclass(frozen=True, slots=True)
class Round:
    """One crowd of phones. ``cpu``: the server's seconds; ``flows``, ``taps``: seconds; ``memory``: bytes a session."""

    cpu: float
    flows: list[float]
    taps: list[float]
    memory: float

    @property
    def rate(self) -> float:
        """Flows a minute that one core takes."""
        return 60 * len(self.flows) / self.cpu


async def crowd(server: Server, phones: int, walk_one: Walk, first: int) -> Round:
    """Let so many phones walk at once, and stay to the end."""
    everyone = [Phone(server.url) for _ in range(phones)]
    cpu, memory = _cpu(server), _memory(server)

    async def timed(phone: Phone, number: int) -> float:
        begun = perf_counter()
        await walk_one(phone, number)
        return perf_counter() - begun

    flows = await asyncio.gather(*(timed(phone, first + number) for number, phone in enumerate(everyone)))
    made = Round(
        _cpu(server) - cpu,
        list(flows),
        [tap for phone in everyone for tap in phone.taps],
        (_memory(server) - memory) / phones,
    )
    for phone in everyone:
        await phone.close()
    return made


def _cpu(server: Server) -> float:
    fields = _proc(server, "stat").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _wait_for_rest(server: Server) -> None:
    # At its first start the portal compresses the app's files once; that is not what is measured.
    before = -1.0
    while _cpu(server) - before > 0.05:
        before = _cpu(server)
        sleep(2)


def _memory(server: Server) -> int:
    return int(_proc(server, "statm").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _proc(server: Server, name: str) -> str:
    if server.process is None:
        raise ChildProcessError
    return Path(f"/proc/{server.process.pid}/{name}").read_text("utf-8")


@contextmanager
def _running(folder: Path, *, bare: bool = False, **environment: str) -> Iterator[Server]:
    folder.mkdir()
    server = Server(folder, environment, program=str(Path("bench") / "bare_page.py") if bare else "portal.py")
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _codes(server: Server, count: int) -> list[str]:
    therapist, now = server.demo().therapist, datetime.now(UTC)
    with server.portal.database.write() as connection:
        made = cards.register(connection, Order(therapist.id, "en", server.url, "card", count), now)
        for card in made:
            cards.note_hand_out(connection, card.number, now)
    return [card.code for card in made]


async def again(phone: Phone, told: Recorder) -> None:
    """Walk through the bare app with the same taps. Raises ``Lost`` where it shows anything else."""
    await phone.get("/")
    await phone.open("screen-0")
    for step, elements in zip(told.steps, told.seen[1:], strict=True):
        await getattr(phone, step.how)(*filter(None, (step.key, step.label)))
        if _kinds(phone.elements) != _kinds(elements):
            raise Lost(f"other widgets after {step.key}")


def _kinds(elements: list[Element]) -> list[str | None]:
    # Words stand as they come; what matters is that nothing is missing.
    said = {"heading": "said", "markdown": "said", "alert": "said"}
    return [said.get(kind or "", kind) for kind in (one.WhichOneof("type") for one in elements)]


def measure(folder: Path, phones: int, rounds: int, *, frozen: bool) -> tuple[list[Round], list[Round]]:
    """Return the portal's rounds and the bare app's, taken in turns."""
    told, ours, bare = folder / "screens.json", [], []
    with _running(folder / "portal", SAYSO_FACE="client") as portal:
        codes = _codes(portal, phones * rounds + 1)
        recorder = Recorder(portal.url)
        asyncio.run(walk(recorder, codes[-1]))
        told.write_text(json.dumps(recorder.screens()), "utf-8")
        with _running(folder / "bare", bare=True, BENCH_SCREENS=str(told), BENCH_FROZEN="1" if frozen else "") as plain:
            asyncio.run(again(Phone(plain.url), recorder))
            _wait_for_rest(portal)

            async def walk_portal(phone: Phone, number: int) -> None:
                await walk(phone, codes[number])

            async def walk_bare(phone: Phone, _number: int) -> None:
                await again(phone, recorder)

            for number in range(rounds):
                ours.append(asyncio.run(crowd(portal, phones, walk_portal, number * phones)))
                bare.append(asyncio.run(crowd(plain, phones, walk_bare, 0)))
    return ours, bare


def _row(name: str, rounds: list[Round]) -> str:
    taps = quantiles((tap for one in rounds for tap in one.taps), n=100)
    flows = quantiles((flow for one in rounds for flow in one.flows), n=100)
    figures = (
        f"{median(one.rate for one in rounds):.1f}",
        f"{1000 * taps[49]:.0f} / {1000 * taps[94]:.0f} ms",
        f"{flows[49]:.1f} / {flows[94]:.1f} s",
        # Later rounds use again what the first one took.
        f"{rounds[0].memory / 1024:.0f} KiB",
    )
    return f"| {name} | " + " | ".join(figures) + " |"


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.flow")
    parser.add_argument("--phones", type=int, default=12, help="how many walk at once (default: 12)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each crowd walks (default: 3)")
    parser.add_argument(
        "--frozen", action="store_true", help="the bare app leaves itself out of the search for garbage"
    )
    asked = parser.parse_args(arguments)
    os.chdir(ROOT)
    with TemporaryDirectory() as folder:
        ours, bare = measure(Path(folder), asked.phones, asked.rounds, frozen=asked.frozen)
    load = os.getloadavg()[0]
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}, load {load:.1f}.")
    print(f"{asked.phones} phones at once, {asked.rounds} rounds each, in turns.\n")
    print("| what | flows a minute per core | a tap, p50 / p95 | a whole way, p50 / p95 | memory a session |")
    print("|---|---|---|---|---|")
    print(_row("the portal", ours))
    print(_row("the same widgets, bare", bare))
    share = median(one.rate / other.rate for one, other in zip(ours, bare, strict=True))
    print(f"\nThe portal takes {share:.2f} of what the bare app takes.")


if __name__ == "__main__":
    main(sys.argv[1:])

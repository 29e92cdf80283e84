"""A client's whole way on a phone, from the card to the saved token: the same taps for the bench and for the tests."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass

from bench.phone import CutOff, Lost, Phone
from core.drafts import QUESTIONS
from core.text import Words

WORDS = Words()
PLACES = {"video": "ask", "post": "composite", "audio": "never", "print": "disguised"}
_ACK = re.compile(r'<p class="ack">([^<]+)</p>')
#: Beginning again this often means that nobody answers.
_TRIES = 40
Step = Callable[[], Coroutine[None, None, None]]


@dataclass(frozen=True, slots=True)
class Arrived:
    """What a phone has in the end. ``began``: how often it had to start; ``over``: by which replicas it went."""

    acknowledgement: str
    began: int
    over: tuple[str, ...]


async def scan(phone: Phone, code: str) -> None:
    """From the card to the first screen of the app. Raises ``CutOff``."""
    await _expect(await phone.get(f"/C/{code}"), 200)
    await _expect(await phone.post(f"/C/{code}/start"), 303)
    await _expect(await phone.get("/explain"), 200)
    await phone.open("explain")
    heading(phone, "explain.title")


async def _expect(status: int, wanted: int) -> None:
    if status in {502, 503, 504}:
        # The server in front found nobody behind it.
        raise CutOff
    if status != wanted:
        raise Lost(f"status {status}, not {wanted}")


def heading(phone: Phone, key: str) -> None:
    """Raise ``Lost`` unless this screen is shown."""
    if not phone.shows(WORDS(key)):
        raise Lost(f"not on {key}")


async def taps(phone: Phone) -> AsyncIterator[None]:
    """Choose place by place, set the limits, answer the questions, check and save. Stops after each screen."""
    await phone.tap("onward")
    heading(phone, "choose.title")
    await phone.pick("way", WORDS("choose.way.each.label"))
    for channel, treatment in PLACES.items():
        await phone.pick(f"channel-{channel}", WORDS(f"treatment.{treatment}.label"))
    yield
    await phone.tap("onward")
    heading(phone, "limits.title")
    await phone.tick("material-story")
    await phone.tick("material-lesson")
    await phone.pick("term", WORDS("term.6.label"))
    yield
    await phone.tap("onward")
    heading(phone, "questions.title")
    for question, right in QUESTIONS.items():
        await phone.pick(f"question-{question}-0", WORDS(f"questions.{question}.{right}"))
    yield
    await phone.tap("onward")
    heading(phone, "check.title")
    await phone.tick("own")
    yield
    await phone.tap("save")
    heading(phone, "done.title")


def acknowledgement(phone: Phone) -> str:
    """Return the check code on the screen. Raises ``Lost`` where there is none."""
    for text in phone.said:
        if found := _ACK.search(text):
            return found[1]
    raise Lost("no check code")


async def walk(phone: Phone, code: str, after_screen: Step | None = None) -> Arrived:
    """Walk the whole way, and begin again where the connection goes away. ``after_screen``: called after each screen.

    Raises ``Lost`` where a screen is not the one expected, or where beginning again did not help.
    """
    over: list[str] = []
    for began in range(1, _TRIES + 1):
        try:
            await scan(phone, code)
            over.append(phone.headers.get("x-replica", ""))
            async for _ in taps(phone):
                if after_screen:
                    await after_screen()
            return Arrived(acknowledgement(phone), began, tuple(over))
        except CutOff:
            continue
    raise Lost("the portal stayed away")

"""PostgreSQL goes away under load and comes back: one sentence on every screen, the same choices after it.

One portal, whose process is not restarted. Some phones stand on each screen of the way when the server is stopped at
once, as a machine that loses its power; others are in the middle of anything; others say no by a form, again and again.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from bench.phone import CutOff, Lost, Phone
from bench.way import PLACES, acknowledgement, heading, scan, taps
from core import parcel, token
from core.demo import PASSPHRASE, start_demo
from core.errors import StoreUnavailable
from core.store import cards, mailbox, practice
from core.store.cards import Order
from core.store.database import Database
from core.store.practice import Therapist
from core.token import Token
from tests.browser.conftest import OPENER, Server, in_a_loop
from tests.core.store import postgres
from tests.core.store.postgres import Server as Postgres

SENTENCE = StoreUnavailable().sentence
#: The screens on which phones stand when the server goes, in the order of the way.
SCREENS = ("choose", "limits", "questions", "check")
WALKING, SAYING_NO = 8, 4
CODES = 2 * len(SCREENS) + WALKING + SAYING_NO
#: Seconds for which the server stays away once everybody who should has met that, and at the most until then.
AWAY, PATIENCE = 1.5, 40
#: Seconds between two tries of one phone.
PAUSE = 0.3
TRIES = 200


@dataclass
class Clinic:
    """What runs."""

    server: Server
    postgres: Postgres
    database: Database
    therapist: Therapist
    codes: list[str]

    def tokens(self) -> list[Token]:
        """Every token that waits for the therapist, opened with their key."""
        _, keys = practice.unlock(self.database, self.therapist.id, PASSPHRASE)
        waiting = mailbox.waiting(self.database, parcel.recipient_of(self.therapist.sealing_public))
        opened = [parcel.unpack(one.sealed, keys.sealing.private).payload for one in waiting]
        return [token.read(token.text_of(one), [keys.sealing], datetime.now(UTC)) for one in opened]


@dataclass
class Went:
    """How one went: the check code in the end, and on which screens it met the sentence."""

    code: str
    acknowledgement: str = ""
    met: list[str] = field(default_factory=list)


class Desk(Phone):
    """A therapist's browser."""

    async def unlock(self) -> None:
        """Open the vault."""
        await self.get("/unlock")
        await self.open("unlock")
        self._keep(WidgetState(id=self._find("passphrase", "text_input").id, string_value=PASSPHRASE))
        await self.tap("open")


@dataclass
class Story:
    """One going away and coming back. ``down``: it is away. ``ready``: so many stand on their screen."""

    clinic: Clinic
    down: asyncio.Event = field(default_factory=asyncio.Event)
    back: asyncio.Event = field(default_factory=asyncio.Event)
    all_ready: asyncio.Event = field(default_factory=asyncio.Event)
    all_met: asyncio.Event = field(default_factory=asyncio.Event)
    ready: int = 0
    met: set[str] = field(default_factory=set)

    async def stand(self) -> None:
        """Wait on this screen until the server is away."""
        self.ready += 1
        if self.ready == 2 * len(SCREENS) + 1:
            self.all_ready.set()
        await self.down.wait()

    def meet(self, went: Went, screen: str) -> None:
        """Note that somebody read the sentence; when all who have to did, the server may come back."""
        went.met.append(screen)
        self.met.add(went.code)
        if self.met >= set(self.clinic.codes[: 2 * len(SCREENS)] + self.clinic.codes[-SAYING_NO:]):
            self.all_met.set()

    async def phone(self, code: str, wait_after: int | None) -> Went:
        """Walk the whole way. ``wait_after``: the screen on which this phone stands until the server is away."""
        went, mine = Went(code), Phone(self.clinic.server.url)
        await again(lambda: scan(mine, code))
        screen = 0
        try:
            async for _ in taps(mine):
                if screen == wait_after:
                    await self.stand()
                elif mine.shows(SENTENCE):
                    self.meet(went, SCREENS[screen])
                screen += 1
        except Lost:
            # Only the last tap needs the records: what was chosen stands on the screen, and Save is tapped again.
            assert mine.shows(SENTENCE), (screen, mine.said)
            heading(mine, "check.title")
            self.meet(went, "save")
            await again(lambda: self._save(mine))
        went.acknowledgement = acknowledgement(mine)
        return went

    async def _save(self, phone: Phone) -> None:
        heading(phone, "check.title")
        await phone.tap("save")
        heading(phone, "done.title")

    async def no(self, code: str) -> Went:
        """Say no by the form of the card's page, the same form until it is answered with a check code."""
        went = Went(code)
        await self.down.wait()
        for _ in range(TRIES):
            status, said = await asyncio.to_thread(post, f"{self.clinic.server.url}/c/{code}/no", "N" * 14 + code)
            if status == HTTPStatus.OK:
                went.acknowledgement = said.split('<p class="big">')[1].split("<")[0]
                return went
            assert status == HTTPStatus.SERVICE_UNAVAILABLE
            assert SENTENCE in said
            self.meet(went, "no")
            await asyncio.sleep(PAUSE)
        raise Lost("no answer to a no")

    async def desk(self) -> list[str]:
        """Be a therapist whose vault is open: what each page says while the server is away, and afterwards."""
        mine = Desk(self.clinic.server.url)
        await mine.unlock()
        heading(mine, "inbox.title")
        await self.stand()
        await mine.tap("look")
        said = ["away" if mine.shows(SENTENCE) else "?"]
        await self.back.wait()
        await mine.tap("gone-again")
        heading(mine, "inbox.title")
        return [*said, "away" if mine.shows(SENTENCE) else "there"]

    async def stop_and_start(self) -> None:
        """Stop the server at once when everybody is where they should be, and start it again."""
        await self.all_ready.wait()
        await asyncio.to_thread(self.clinic.postgres.stop)
        self.down.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(self.all_met.wait(), PATIENCE)
        await asyncio.sleep(AWAY)
        await asyncio.to_thread(self.clinic.postgres.start)
        self.back.set()


async def again(do) -> None:
    """Do it until it works: a phone that taps once more."""
    for _ in range(TRIES):
        try:
            return await do()
        except (Lost, CutOff):
            await asyncio.sleep(PAUSE)
    raise Lost("it never worked")


def post(address: str, form: str) -> tuple[int, str]:
    """Send a form as a browser does. Returns the status and the page."""
    request = Request(address, urlencode({"form": form}).encode(), {"Sec-Fetch-Site": "same-origin"})
    try:
        with OPENER.open(request, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        return refused.code, refused.read().decode()


@pytest.fixture(scope="module")
def clinic(serve) -> Iterator[Clinic]:
    with postgres.running() as server:
        database = Database(server.address(server.make()), wait=30)
        database.migrate()
        now = datetime.now(UTC)
        therapist = start_demo(database, "https://sayso.example.org", now).therapist
        with database.write() as connection:
            made = cards.register(
                connection, Order(therapist.id, "en", "https://sayso.example.org", "card", CODES), now
            )
            for card in made:
                cards.note_hand_out(connection, card.number, now)
        portal = serve(SAYSO_DATABASE_URL=database.url)
        yield Clinic(portal, server, database, therapist, [card.code for card in made])
        portal.stop()
        database.close()


@dataclass(frozen=True)
class Told:
    """What came of all of it."""

    standing: list[Went]
    walking: list[Went]
    noes: list[Went]
    desk: list[str]


@pytest.fixture(scope="module")
def told(clinic) -> Told:
    async def all_of_it() -> Told:
        story, codes = Story(clinic), iter(clinic.codes)
        standing = [story.phone(next(codes), screen) for screen in range(len(SCREENS)) for _ in range(2)]
        walking = [story.phone(next(codes), None) for _ in range(WALKING)]
        noes = [story.no(next(codes)) for _ in range(SAYING_NO)]
        found = await asyncio.gather(*standing, *walking, *noes, story.desk(), story.stop_and_start())
        went, desk = found[:CODES], found[CODES]
        first, second = len(standing), len(standing) + len(walking)
        return Told(went[:first], went[first:second], went[second:], desk)

    return in_a_loop(all_of_it())


def everyone(told: Told) -> list[Went]:
    return [*told.standing, *told.walking, *told.noes]


def test_whoever_stood_on_a_screen_read_the_one_sentence_and_went_on(told):
    following = [screen for screen in (*SCREENS[1:], "save") for _ in range(2)]
    assert [one.met[:1] for one in told.standing] == [[screen] for screen in following]
    assert all("no" in one.met for one in told.noes)


def test_a_therapist_reads_it_too_and_goes_on_with_the_vault_still_open(told):
    assert told.desk == ["away", "there"]


def test_each_save_that_was_acknowledged_is_one_parcel_of_just_that_phone(clinic, told):
    there = Counter((token.body.card, token.acknowledgement) for token in clinic.tokens())
    assert there == Counter((one.code, one.acknowledgement) for one in everyone(told))
    assert set(there.values()) == {1}
    assert len(there) == CODES


def test_what_arrived_is_what_was_chosen_before_and_while_it_was_away(clinic, told):
    noes = {one.code for one in told.noes}
    for found in clinic.tokens():
        chosen = found.body.content.preferences
        picked = {} if found.body.card in noes else PLACES
        rest = "never" if found.body.card in noes else "undecided"
        expected = {place: picked.get(place, rest) for place in chosen.channels} | {"promotion": "never"}
        assert chosen.channels == expected
        assert set(chosen.materials) == (set() if found.body.card in noes else {"story", "lesson"})


def test_the_portal_was_not_restarted_and_its_log_names_nobody(clinic, told):
    assert clinic.server.process.poll() is None
    log = clinic.server.log()
    assert [code for code in clinic.codes if code in log] == []
    assert "Traceback" not in log

"""An answer to a question over a bad line: sent once, nothing lost unsaid, and what the client sees then is true.

Each tap of the way meets trouble, as in test_reception: the line is cut before it, the answer to it is lost, or it
breaks off in the middle of the message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from core import importing, parcel
from core.answers import Asked
from core.demo import PASSPHRASE
from core.model.body import Withdrawal
from core.portal import clock
from core.store import mailbox
from core.store.vaults import open_vault
from tests.browser.bad_line import Line, line_to
from tests.browser.conftest import Server
from tests.browser.flow import WORDS, acknowledgement, heading, pick, settled, tap
from tests.browser.test_reception import TROUBLES, Walk, cut_before
from tests.core.living import Person, practice_at

DRAFT = "Somebody once kept a voice mail from a brother.\n\nWhat do you keep, and from whom?"
SAID = "answer.said.title"


def people_of(server: Server) -> list[Person]:
    """Clients who chose to be asked."""
    demo = server.demo()
    vault = open_vault(server.portal.database, demo.therapist.id, PASSPHRASE)
    clinic = practice_at(server.portal, demo.therapist, vault, list(demo.cards))
    return [Person.of(clinic, clock(), number) for number in range(len(demo.cards))]


@pytest.fixture(scope="module")
def people(server: Server) -> list[Person]:
    return people_of(server)


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    with line_to(server.port) as line:
        yield line


def come(phone: Page, line: Line, person: Person) -> tuple[str, Asked]:
    """Ask this client, and let them open their own page. Returns what the keys of the question end with, and it."""
    arrived(person)
    asked = person.is_asked(DRAFT)
    phone.goto(f"{line.url}/mine#{person.card.code}.{person.keys.code}")
    heading(phone, WORDS("mine.title"))
    settled(phone)
    return asked.request_id.hex()[:12], asked


def read(phone: Page, line: Line, person: Person) -> str:
    """Open the question, too."""
    ref, _ = come(phone, line, person)
    tap(phone, f"read-{ref}")
    heading(phone, WORDS("answer.title"))
    return ref


def arrived(person: Person) -> list[importing.Preview]:
    """What lies in the mailbox from this client; it is taken in."""
    vault = person.clinic.vault
    looks = [one.preview for one in importing.look_at_mailbox(vault, clock()) if one.preview]
    for look in looks:
        importing.keep(vault, look, clock(), compared=True)
    return [look for look in looks if look.token.body.card == person.card.code]


def waiting(person: Person) -> int:
    recipient = parcel.recipient_of(person.clinic.therapist.sealing_public)
    return mailbox.count_waiting(person.clinic.database, recipient)


def is_back(phone: Page) -> None:
    expect(phone.locator("#online")).to_be_visible()
    settled(phone)


@pytest.mark.parametrize("number", range(len(TROUBLES)))
def test_an_answer_is_sent_once_and_so_is_taking_it_back(people, phone: Page, line: Line, number: int) -> None:
    person = people[number]
    ref, asked = come(phone, line, person)
    walk = Walk(phone, line, number)
    walk.press(f"read-{ref}", WORDS("answer.title"))
    walk.pick(f"answer-{ref}", WORDS("answer.choice.yes.label"))
    walk.pick(f"feeling-{ref}", WORDS("answer.feeling.fine.label"))
    walk.press(f"send-{ref}", WORDS(SAID))
    expect(phone.get_by_text(WORDS("answer.done", therapist=person.clinic.therapist.name))).to_be_visible()
    expect(phone.locator(".st-key-answered")).to_contain_text(WORDS("answer.choice.yes.label"))
    shown = acknowledgement(phone)
    (look,) = arrived(person)
    assert (look.token.body.content.answer, look.token.acknowledgement) == ("yes", shown)
    assert [one.answer for one in person.outcomes(clock()) if one.asked.request_id == asked.request_id] == ["yes"]
    walk.press(f"undo-{ref}", WORDS("mine.sent.title"), heard=WORDS("answer.said.taken_back"))
    (look,) = arrived(person)
    assert look.token.body.content.reference == asked.request_id
    expect(phone.locator(".ack")).to_have_text(look.token.acknowledgement)


def test_who_never_saw_that_it_was_sent_is_shown_and_not_asked_again(people, phone: Page, line: Line) -> None:
    person = people[3]
    ref = read(phone, line, person)
    pick(phone, f"answer-{ref}", WORDS("answer.choice.no.label"))
    before = waiting(person)
    line.lose_answer_to(phone.locator(f".st-key-send-{ref} button").click)
    is_back(phone)
    heading(phone, WORDS(SAID))
    shown = acknowledgement(phone)
    assert waiting(person) == before + 1
    phone.reload()
    heading(phone, WORDS(SAID))
    expect(phone.locator(".ack")).to_have_text(shown)
    tap(phone, "back")
    heading(phone, WORDS("mine.title"))
    expect(phone.get_by_text(WORDS("mine.questions"), exact=True)).to_have_count(0)
    expect(phone.locator(".ack")).to_have_text(shown)
    (look,) = arrived(person)
    assert (look.token.body.content.answer, look.token.acknowledgement) == ("no", shown)


def test_who_never_saw_that_it_was_taken_back_is_shown(serve: Callable[..., Server], phone: Page) -> None:
    server = serve()
    person = people_of(server)[0]
    with line_to(server.port) as line:
        ref = read(phone, line, person)
        pick(phone, f"answer-{ref}", WORDS("answer.choice.yes.label"))
        pick(phone, f"feeling-{ref}", WORDS("answer.feeling.fine.label"))
        tap(phone, f"send-{ref}")
        heading(phone, WORDS(SAID))
        settled(phone)
        arrived(person)
        line.lose_answer_to(phone.locator(f".st-key-undo-{ref} button").click)
        is_back(phone)
        expect(phone.get_by_text(WORDS("answer.said.taken_back"))).to_be_visible()
        (look,) = arrived(person)
        assert isinstance(look.token.body.content, Withdrawal)
        expect(phone.locator(".ack")).to_have_text(look.token.acknowledgement)


def test_what_was_not_sent_is_never_called_sent(people, phone: Page, line: Line) -> None:
    person = people[4]
    ref = read(phone, line, person)
    pick(phone, f"answer-{ref}", WORDS("answer.choice.not_now.label"))
    before = waiting(person)
    send, sent = (
        phone.locator(f".st-key-send-{ref} button"),
        WORDS("answer.done", therapist=person.clinic.therapist.name),
    )
    line.cut()
    expect(phone.locator("#offline")).to_have_text(WORDS("shell.gone"))
    # What cannot leave cannot be tapped either.
    expect(send).to_be_disabled()
    send.click(force=True)
    line.mend()
    is_back(phone)
    expect(phone.get_by_text(sent)).to_have_count(0)
    heading(phone, WORDS("answer.title"))
    expect(phone.locator(f".st-key-answer-{ref} input:checked")).to_have_count(1)
    assert waiting(person) == before
    tap(phone, f"send-{ref}")
    heading(phone, WORDS(SAID))
    expect(phone.get_by_text(sent)).to_be_visible()
    assert waiting(person) == before + 1


def test_a_session_that_is_gone_costs_no_word_of_an_answer(serve: Callable[..., Server], phone: Page) -> None:
    server = serve(STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL="1")
    person = people_of(server)[0]
    with line_to(server.port) as line:
        ref = read(phone, line, person)
        pick(phone, f"answer-{ref}", WORDS("answer.choice.yes_if_changed.label"))
        note = phone.locator(f".st-key-note-{ref} input")
        note.fill("not the brother")
        cut_before(line, lambda: phone.wait_for_timeout(2500))
        is_back(phone)
        expect(note).to_have_value("not the brother")
        option = phone.locator(f".st-key-answer-{ref} label").filter(
            has_text=re.compile("^" + re.escape(WORDS("answer.choice.yes_if_changed.label")))
        )
        expect(option.locator("input")).to_be_checked()
        tap(phone, f"send-{ref}")
        heading(phone, WORDS(SAID))
        (look,) = arrived(person)
        assert (look.token.body.content.answer, look.token.body.content.note) == ("yes_if_changed", "not the brother")

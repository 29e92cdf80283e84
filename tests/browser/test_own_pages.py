"""A client's own pages in a real browser: five answers alike, each sent once, and nothing of it in the address."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from core import parcel
from core.answers import Asked
from core.demo import PASSPHRASE
from core.errors import WrongClientCode
from core.portal import clock
from core.received import ANSWERS
from core.store import mailbox
from core.store.vaults import open_vault
from tests.browser import flow
from tests.browser.conftest import Server
from tests.browser.flow import WORDS, heading
from tests.core.living import Person, practice_at

DRAFT = "Somebody once kept a voice mail from a brother.\n\nWhat do you keep, and from whom?"


@pytest.fixture(scope="module")
def people(server: Server) -> list[Person]:
    """Five clients who chose to be asked."""
    demo = server.demo()
    vault = open_vault(server.portal.database, demo.therapist.id, PASSPHRASE)
    clinic = practice_at(server.portal, demo.therapist, vault, list(demo.cards))
    return [Person.of(clinic, clock(), number) for number in range(5)]


def link(server: Server, person: Person) -> str:
    return f"{server.url}/mine#{person.card.code}.{person.keys.code}"


def read(phone: Page, server: Server, person: Person, asked: Asked) -> None:
    phone.goto(link(server, person))
    phone.locator(f".st-key-read-{ref(asked)} button").click()
    heading(phone, WORDS("answer.title"))
    flow.settled(phone)


def ref(asked: Asked) -> str:
    return asked.request_id.hex()[:12]


def pick(phone: Page, asked: Asked, answer: str) -> None:
    flow.pick(phone, f"answer-{ref(asked)}", WORDS(f"answer.choice.{answer}.label"))


def waiting(server: Server, person: Person) -> int:
    recipient = parcel.recipient_of(person.clinic.therapist.sealing_public)
    return mailbox.count_waiting(server.portal.database, recipient)


def look(option: Locator) -> tuple[object, ...]:
    """How an option looks: its size, and what draws the eye."""
    box = option.bounding_box()
    assert box
    style = option.evaluate(
        "box => { const s = getComputedStyle(box), t = getComputedStyle(box.querySelector('p'));"
        " return [s.backgroundColor, s.borderColor, s.borderWidth, t.color, t.fontWeight, t.fontSize] }"
    )
    return round(box["width"]), round(box["height"]), *style


def test_five_answers_look_alike_and_none_is_chosen(server: Server, people: list[Person], phone: Page) -> None:
    person = people[0]
    asked = person.is_asked(DRAFT)
    read(phone, server, person, asked)
    options = phone.locator(f".st-key-answer-{ref(asked)} [data-testid=stRadioGroup] > div")
    expect(options).to_have_count(len(ANSWERS))
    assert phone.locator("input:checked").count() == 0
    for width in (320, 390, 1280):
        phone.set_viewport_size({"width": width, "height": 844})
        assert len({look(option) for option in options.all()}) == 1, width
        assert phone.evaluate("document.documentElement.scrollWidth") <= width


def test_an_answer_is_sent_once_whatever_is_tapped_and_reloaded(
    server: Server, people: list[Person], phone: Page
) -> None:
    person = people[1]
    asked, before = person.is_asked(DRAFT), waiting(server, person)
    read(phone, server, person, asked)
    expect(phone.locator(".marked")).to_have_text(DRAFT)
    pick(phone, asked, "no")
    phone.locator(f".st-key-send-{ref(asked)} button").dblclick()
    heading(phone, WORDS("answer.said.title"))
    flow.settled(phone)
    assert phone.evaluate("window.scrollY") == 0
    expect(phone.get_by_role("heading", level=1, name=WORDS("answer.said.title"))).to_be_focused()
    code = flow.acknowledgement(phone)
    phone.reload()
    expect(phone.locator(".ack")).to_have_text(code)
    phone.go_back()
    heading(phone, WORDS("mine.title"))
    phone.go_forward()
    heading(phone, WORDS("answer.said.title"))
    expect(phone.locator(".ack")).to_have_text(code)
    assert waiting(server, person) == before + 1
    person.arrives(clock())


def test_leaving_wipes_the_question(server: Server, people: list[Person], phone: Page) -> None:
    person = people[2]
    asked = person.is_asked(DRAFT)
    phone.route("https://**", lambda route: route.fulfill(body="elsewhere"))
    read(phone, server, person, asked)
    phone.locator(".leave button").click()
    phone.wait_for_url("https://**")
    phone.goto(f"{server.url}/answer")
    expect(phone.get_by_text(WORDS("answer.enter"))).to_be_visible()
    assert "voice mail" not in phone.content()


def test_a_personal_link_with_anothers_card_says_so(server: Server, people: list[Person], phone: Page) -> None:
    phone.goto(f"{server.url}/mine#{people[3].card.code}.{people[4].keys.code}")
    expect(phone.get_by_text(WrongClientCode().sentence)).to_be_visible()
    assert phone.url == f"{server.url}/mine"
    flow.settled(phone)
    phone.goto("about:blank")
    phone.goto(link(server, people[3]))
    expect(phone.locator(".st-key-change button")).to_be_visible()
    expect(phone.get_by_text(WrongClientCode().sentence)).to_have_count(0)


def test_no_to_the_question_needs_the_card_and_one_tap(server: Server, people: list[Person], phone: Page) -> None:
    person = people[4]
    person.is_asked(DRAFT)
    phone.goto(f"{server.url}/c/{person.card.code}")
    phone.locator("form[action$='/question'] button").dblclick()
    heading(phone, WORDS("done_question.title"))
    person.arrives(clock())
    assert [one.answer for one in person.outcomes(clock())] == ["no"]
    phone.goto(link(server, person))
    expect(phone.get_by_text(WORDS("answer.said.card"))).to_be_visible()
    expect(phone.get_by_text(WORDS("mine.questions"), exact=True)).to_have_count(0)
    log = server.log()
    for private in (person.card.code, person.keys.code, "voice mail"):
        assert private not in log

"""The root: first start, a card typed by hand, the demo; and leaving, and coming back by the personal link."""

from __future__ import annotations

import re

import pytest

from core.drafts import Draft
from core.errors import WrongClientCode
from core.keys import ClientKeys
from core.saving import nevers, save_choices
from core.store import practice
from core.store.limits import LIMITS
from core.web.asked import Asked
from tests.core.web.conftest import Site

ELSEWHERE = ("192.0.2.50", 4000)


@pytest.fixture
def face_site(portal_of):
    return lambda face: Site(portal_of(face))


# --- first start -----------------------------------------------------------------------------------------


def test_a_new_portal_offers_set_up_and_a_demo(site) -> None:
    page = site.ask("/").text
    assert 'href="/setup"' in page
    assert '<form method="post" action="/demo">' in page
    assert page.count("<h1") == 1


def test_the_demo_is_one_tap_and_then_a_card_lies_ready(site) -> None:
    assert site.ask("/demo", {}).header("location") == "/"
    page = site.ask("/").text
    assert "demo" in page.lower()
    card = re.search(r'href="(/C/[0-9A-Z]{8})"', page)
    assert card
    assert site.ask(card[1]).status == 200
    assert 'href="/unlock"' in page


def test_a_demo_never_replaces_a_practice(clinic_site) -> None:
    before = practice.list_therapists(clinic_site.portal.database)
    assert clinic_site.ask("/demo", {}).status == 400
    assert practice.list_therapists(clinic_site.portal.database) == before


def test_from_another_machine_the_demo_asks_for_the_printed_code(site) -> None:
    assert 'name="setup"' in site.ask("/", client=ELSEWHERE).text
    refused = site.ask("/demo", {"setup": "0000-0000-0000"}, client=ELSEWHERE)
    assert refused.status == 403
    assert 'role="alert"' in refused.text
    assert practice.find_practice(site.portal.database) is None
    assert site.ask("/demo", {"setup": site.portal.setup_code.lower()}, client=ELSEWHERE).status == 303
    assert practice.find_practice(site.portal.database)


@pytest.mark.parametrize(
    "more",
    [
        {"client": ELSEWHERE},
        {"headers": {"x-forwarded-for": "127.0.0.1"}},
        {"headers": {"forwarded": "for=127.0.0.1"}},
    ],
)
def test_a_stranger_can_not_take_over_a_new_portal(site, more) -> None:
    assert site.ask("/demo", {}, **more).status == 403
    assert practice.find_practice(site.portal.database) is None


def test_the_printed_code_can_not_be_found_by_trying(site) -> None:
    for _ in range(LIMITS["setup"].count):
        site.ask("/demo", {"setup": "0000-0000-0000"}, client=ELSEWHERE)
    assert site.ask("/demo", {"setup": site.portal.setup_code}, client=ELSEWHERE).status == 403
    assert practice.find_practice(site.portal.database) is None


def test_the_code_is_printed_where_the_portal_was_started_until_it_is_set_up(portal_of, capfd) -> None:
    site = Site(portal_of())
    assert site.portal.setup_code in capfd.readouterr().out
    site.ask("/demo", {})
    Site(portal_of())
    assert capfd.readouterr().out == ""


def test_a_new_portals_client_face_says_that_it_is_not_open_yet(face_site) -> None:
    site = face_site("client")
    page = site.ask("/")
    assert page.status == 503
    assert "/setup" not in page.text
    assert site.ask("/demo", {}).status == 404


# --- a card typed by hand ----------------------------------------------------------------------------------


def test_a_typed_code_goes_on_to_its_card_and_never_stands_in_a_query(clinic_site) -> None:
    code = clinic_site.demo.cards[0].code
    for typed in (code, code.lower(), f" {code[:4]} - {code[4:]} "):
        answer = clinic_site.ask("/card", {"code": typed})
        assert (answer.status, answer.header("location")) == (303, f"/C/{code}")


def test_a_wrong_code_is_said_at_the_top_and_beside_the_field(clinic_site) -> None:
    answer = clinic_site.ask("/card", {"code": "K7QM-2XPG"})
    assert answer.status == 404
    assert 'role="alert"' in answer.text
    assert 'href="#code"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert 'value="K7QM-2XPG"' in answer.text


def test_what_was_typed_comes_back_as_text_only(clinic_site) -> None:
    answer = clinic_site.ask("/card", {"code": '"><script>x</script>'})
    assert "<script>x" not in answer.text


def test_typing_codes_is_limited_like_opening_them(clinic_site) -> None:
    for _ in range(LIMITS["card"].count):
        clinic_site.ask("/card", {"code": "AAAA-AAAA"})
    assert clinic_site.ask("/card", {"code": clinic_site.demo.cards[0].code}).status == 429


def test_the_client_face_shows_no_way_to_staff_pages(clinic_site, face_site) -> None:
    assert "/unlock" in clinic_site.ask("/").text
    page = face_site("client").ask("/").text
    assert "/unlock" not in page
    assert 'action="/card"' in page


def test_the_staff_face_takes_no_cards(clinic_site, face_site) -> None:
    site = face_site("staff")
    page = site.ask("/").text
    assert 'action="/card"' not in page
    assert "/unlock" in page
    assert site.ask(f"/c/{clinic_site.demo.cards[0].code}").status == 404


# --- leaving ---------------------------------------------------------------------------------------------


def test_leaving_forgets_all_of_this_browser_and_nothing_of_another(clinic_site) -> None:
    portal, code = clinic_site.portal, clinic_site.demo.cards[0].code
    clinic_site.ask(f"/c/{code}/start", {})
    mine = clinic_site.binding
    for binding in (mine, "another"):
        portal.cards.put(binding, code)
        portal.drafts.put(binding, Draft(code, way="same"))
        portal.personal.put(binding, ClientKeys.new().seed)
    answer = clinic_site.ask("/leave", {})
    assert [shelf.get(mine) for shelf in (portal.cards, portal.drafts, portal.personal)] == [None, None, None]
    assert all(shelf.get("another") for shelf in (portal.cards, portal.drafts, portal.personal))
    assert clinic_site.ended == [mine]
    assert answer.status == 200


def test_leaving_goes_to_the_neutral_site_with_or_without_script(clinic_site) -> None:
    answer = clinic_site.ask("/leave", {})
    assert answer.header("refresh") == "0; url=https://neutral.example"
    assert 'href="https://neutral.example"' in answer.text
    assert answer.header("clear-site-data") == '"cache", "cookies", "storage"'
    assert answer.header("referrer-policy") == "no-referrer"
    assert "Max-Age=0" in answer.header("set-cookie")


def test_leaving_after_a_no_forgets_its_page_and_personal_code(clinic_site) -> None:
    path = f"/c/{clinic_site.demo.cards[0].code}"
    nonce = "A" * 22
    page = clinic_site.ask(f"{path}/no", {"form": nonce}).text
    code = re.search(r'id="personal">([^<]+)<', page)
    assert code
    key = re.search(r'data-leave="[^"]*">\s*<input type="hidden" name="form" value="([^"]*)"', page)
    assert key
    clinic_site.ask("/leave", {"form": key[1]})
    assert code[1] not in clinic_site.ask(f"{path}/no", {"form": nonce}).text


def test_another_site_can_not_make_someone_leave(clinic_site) -> None:
    clinic_site.ask("/")
    clinic_site.portal.cards.put(clinic_site.binding, "X")
    assert clinic_site.ask("/leave", {}, headers={"sec-fetch-site": "cross-site"}).status == 403
    assert clinic_site.portal.cards.get(clinic_site.binding) == "X"
    assert clinic_site.ask("/leave").status == 405


# --- the personal link -------------------------------------------------------------------------------------


@pytest.fixture
def back(clinic_site) -> tuple[str, ClientKeys]:
    """A client who said no and holds their code."""
    keys, card = ClientKeys.new(), clinic_site.demo.cards[0]
    portal = clinic_site.portal
    save_choices(portal.outbox, card, clinic_site.demo.therapist, nevers(clinic_site.now), keys=keys)
    return card.code, keys


def test_the_personal_link_lets_this_browser_in(clinic_site, back) -> None:
    code, keys = back
    answer = clinic_site.ask("/mine/key", {"key": f"{code}.{keys.code}"})
    assert (answer.status, answer.body) == (204, b"")
    assert clinic_site.portal.personal.get(clinic_site.binding) == keys.seed
    assert clinic_site.portal.cards.get(clinic_site.binding) == code


@pytest.mark.parametrize("key", ["", "x", "K7QM2XPF", "K7QM2XPF.short", ".", "é.é"])
def test_a_broken_personal_link_lets_nobody_in_and_repeats_nothing(clinic_site, key) -> None:
    answer = clinic_site.ask("/mine/key", {"key": key})
    assert answer.status == 400
    assert len(answer.body) < 40
    assert clinic_site.portal.personal.get(clinic_site.binding) is None


def test_a_code_of_another_card_lets_nobody_in(clinic_site, back) -> None:
    _, keys = back
    assert clinic_site.ask("/mine/key", {"key": f"{clinic_site.demo.cards[1].code}.{keys.code}"}).status == 400
    assert clinic_site.portal.personal.get(clinic_site.binding) is None


def test_why_a_personal_link_did_not_open_waits_for_the_page_and_ends_when_one_does(clinic_site, back) -> None:
    code, keys = back
    clinic_site.ask("/mine/key", {"key": f"{clinic_site.demo.cards[1].code}.{keys.code}"})
    said = clinic_site.portal.said.get(clinic_site.binding)
    assert said == WrongClientCode().sentence
    assert keys.code not in said
    clinic_site.ask("/mine/key", {"key": f"{code}.{keys.code}"})
    assert clinic_site.portal.said.get(clinic_site.binding) is None


def test_what_a_request_carries_is_not_in_its_repr(clinic_site) -> None:
    asked = Asked(
        "b",
        "a",
        "/",
        "en",
        "http://localhost",
        secure=False,
        this_machine=True,
        form={"key": "SECRETKEY"},
        code="CARDCODE",
    )
    assert "SECRETKEY" not in repr(asked)
    assert "CARDCODE" not in repr(asked)


def test_the_policy_lets_the_forms_of_these_pages_through(clinic_site) -> None:
    policy = clinic_site.ask("/").header("content-security-policy")
    assert "form-action 'self'" in policy

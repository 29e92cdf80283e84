"""The inbox: what counts, what is asked first, and what is refused, by every way in."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from core import importing, people, qr
from core.card import shown as card_shown
from core.errors import FileTooLarge
from core.keys import ClientKeys, TherapistKeys
from core.portal import clock
from core.store import cards
from core.store.cards import Order
from core.token import issue
from pages.parts.staff_text import plain
from tests.pages.conftest import BASE, shown


@pytest.fixture
def at_work(practised):
    practised.unlock()
    return practised


def _key(at, start):
    (found,) = [button.key for button in at.button if button.key and button.key.startswith(start)]
    return found


def _click(at, start):
    return at.button(key=_key(at, start)).click().run()


def _paste(at, text):
    at.text_area(key="pasted").set_value(text)
    return at.button(key="look").click().run()


def _by_hand(practised, card=None, **choices):
    """A token that the client did not send, but brings."""
    with practised.portal.database.write() as connection:
        connection.exec_driver_sql("UPDATE practice SET mailbox = 0")
    try:
        return practised.save(card or practised.cards[0], **(choices or {"channels": {"video": "ask"}}))
    finally:
        with practised.portal.database.write() as connection:
            connection.exec_driver_sql("UPDATE practice SET mailbox = 1")


def _standing(practised, card=None):
    return importing.standing(practised.vault, (card or practised.cards[0]).code)


def _unprinted(practised):
    with practised.portal.database.write() as connection:
        order = Order(practised.therapist.id, "en", BASE, "card", 1)
        (made,) = cards.register(connection, order, clock())
    return made


def test_an_empty_mailbox_says_so(at_work, page):
    assert "Nothing new." in shown(page("inbox"))


def test_what_was_sent_is_shown_in_words_before_it_counts(at_work, page):
    card = at_work.cards[0]
    sent = at_work.save(
        card, channels={"video": "ask", "post": "composite"}, materials=("story",), note="not my old job"
    )
    seen = shown(page("inbox"))
    for words in (
        f"Card {card_shown(card.code)}, number {card.number}.",
        "Signed and unbroken.",
        "Ask me each time: videos",
        "Composite only: posts",
        "What happened to me",
        "not my old job",
        sent.acknowledgement,
    ):
        assert words in seen
    assert not _standing(at_work).in_force


def test_a_first_key_counts_once_its_code_was_compared(at_work, page):
    sent = at_work.save(at_work.cards[0], channels={"video": "ask"})
    at = _click(page("inbox"), "confirm-mailbox")
    assert "It counts from now on." in shown(at)
    standing = _standing(at_work)
    assert [held.digest for held in standing.in_force] == [sent.token.digest]
    assert not standing.on_hold
    assert people.unopened(at_work.vault) == 0


def test_a_first_key_can_wait_on_hold(at_work, page):
    at_work.save(at_work.cards[0], channels={"video": "ask"})
    at = _click(page("inbox"), "later-mailbox")
    assert "On hold." in shown(at)
    assert _standing(at_work).on_hold


def test_a_change_is_shown_against_what_is_in_force(at_work, page):
    keys = ClientKeys.new()
    at_work.save(at_work.cards[0], keys, channels={"video": "ask", "post": "ask"})
    _click(page("inbox"), "confirm-mailbox")
    # Later by a second: two choices of the same second would both be in force.
    later = at_work.vault.records()[0].token.body.issued_at + timedelta(seconds=1)
    at_work.save(at_work.cards[0], keys, channels={"video": "never", "post": "ask"}, issued_at=later)
    at = page("inbox")
    assert "Never (before: Ask me each time)" in shown(at)
    assert "Posts, blogs" not in shown(at)
    assert not [button for button in at.button if button.key.startswith("confirm-")]
    _click(at, "keep-mailbox")
    assert _standing(at_work).documents[0].channels["video"] == "never"


def test_another_key_asks_for_a_comparison_and_only_that_replaces_the_key(at_work, page):
    at_work.save(at_work.cards[0], channels={"video": "never"})
    _click(page("inbox"), "confirm-mailbox")
    lost_code = at_work.save(at_work.cards[0], channels={"video": "ask"})
    at = page("inbox")
    assert "another client code than before" in shown(at)
    _click(at, "confirm-mailbox")
    assert [held.digest for held in _standing(at_work).in_force] == [lost_code.token.digest]


def test_an_unsigned_stop_restricts_at_once_and_needs_no_code(at_work, page):
    at_work.stop(at_work.cards[0])
    at = page("inbox")
    assert "Stop everything" in shown(at)
    assert "Not signed." in shown(at)
    _click(at, "keep-mailbox")
    assert _standing(at_work).on_hold


def test_an_older_one_is_called_history(at_work, page):
    keys = ClientKeys.new()
    now = clock().replace(microsecond=0)
    old = _by_hand(at_work, keys=keys, issued_at=now.replace(year=now.year - 1), channels={"video": "never"})
    at_work.save(at_work.cards[0], keys, channels={"video": "ask"})
    at = _click(page("inbox"), "confirm-mailbox")
    assert "It is kept as history" in shown(_paste(at, old.token.text))
    assert "It changes nothing now." in shown(_click(at, "keep-by-hand"))
    assert _standing(at_work).documents[0].channels["video"] == "ask"


@pytest.mark.parametrize(
    "change", [str, str.lower, lambda text: "\n".join(text[i : i + 50] for i in range(0, 491, 50))]
)
def test_pasted_text_is_read_however_it_was_copied(at_work, page, change):
    at = _paste(page("inbox"), change(_by_hand(at_work).token.text))
    _click(at, "confirm-by-hand")
    assert _standing(at_work).in_force


def test_importing_twice_says_so_and_changes_nothing(at_work, page):
    text = _by_hand(at_work).token.text
    at = _paste(page("inbox"), text)
    _click(at, "confirm-by-hand")
    before = _standing(at_work)
    at = _paste(at, text)
    assert "You have this token already. Nothing was changed." in [told.value for told in at.info]
    assert _standing(at_work) == before


def test_a_second_tap_meets_nothing_else(at_work, page):
    for card in at_work.cards[:2]:
        at_work.save(card, channels={"video": "ask"})
    at = page("inbox")
    first = next(button.key for button in at.button if button.key.startswith("confirm-mailbox"))
    at.button(key=first).click().run()
    assert first not in [button.key for button in at.button]
    assert people.unopened(at_work.vault) == 1


def test_the_same_token_sent_and_brought_is_imported_once(at_work, page):
    sent = at_work.save(at_work.cards[0], channels={"video": "ask"})
    at = _paste(page("inbox"), sent.token.text)
    _click(at, "confirm-mailbox")
    assert len(at_work.vault.records()) == 1
    assert "You have this token already." in shown(at)


def test_a_card_never_handed_out_asks_first(at_work, page):
    card = _unprinted(at_work)
    at_work.save(card, channels={"video": "ask"})
    at = page("inbox")
    assert f"Nobody has noted that card number {card.number} was handed out." in shown(at)
    at = _click(at, "confirm-mailbox")
    assert at.error
    assert not at_work.vault.records()
    (waved,) = [box for box in at.checkbox if box.key.startswith("waved-")]
    waved.check().run()
    _click(at, "confirm-mailbox")
    assert _standing(at_work, card).in_force


def _for_someone_else(practised):
    return issue(_by_hand(practised).token.body, TherapistKeys.new().sealing.public, ClientKeys.new()).text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (lambda _: "hello", "This is not a Sayso token."),
        (lambda _: "", "This is not a Sayso token."),
        (lambda practised: _by_hand(practised).token.text[:-3], "Part of this token is missing"),
        (_for_someone_else, "made for another therapist"),
    ],
)
def test_each_refusal_has_its_own_sentence_and_keeps_what_was_pasted(at_work, page, text, sentence):
    pasted = text(at_work)
    at = _paste(page("inbox"), pasted)
    assert sentence in at.error[0].value
    assert at.text_area(key="pasted").value == pasted
    assert not at_work.vault.records()


def _photo(text, *, turned=0.0, kind="JPEG"):
    code = Image.open(BytesIO(qr.png(qr.matrix(text), scale=6))).convert("RGB")
    table = Image.new("RGB", (1400, 1100), (200, 190, 180))
    table.paste(code, (300, 200))
    out = BytesIO()
    table.rotate(turned, expand=True, fillcolor=(200, 190, 180)).save(out, kind, quality=70)
    return out.getvalue()


def test_a_photo_of_the_code_is_read(at_work, page):
    at = page("inbox")
    photo = _photo(_by_hand(at_work).token.text, turned=7)
    at.file_uploader(key="photos").set_value([("photo.jpg", photo, "image/jpeg")]).run()
    _click(at, "confirm-by-hand")
    assert _standing(at_work).in_force


def test_the_camera_is_there_only_when_asked_for_and_goes_when_it_saw_a_token(at_work, page):
    at = page("inbox")
    assert not at.camera_input
    at.button(key="camera-start").click().run()
    at.camera_input(key="camera").set_value(("shot.jpg", _photo(_by_hand(at_work).token.text), "image/jpeg")).run()
    assert not at.camera_input
    _click(at, "confirm-by-hand")
    assert _standing(at_work).in_force


def test_a_picture_without_a_code_says_what_to_do_and_the_camera_stays(at_work, page):
    at = page("inbox")
    at.button(key="camera-start").click().run()
    blank = BytesIO()
    Image.new("RGB", (640, 480), "white").save(blank, "JPEG")
    at.camera_input(key="camera").set_value(("shot.jpg", blank.getvalue(), "image/jpeg")).run()
    assert at.error
    assert at.camera_input


def test_a_card_s_own_code_is_no_token(at_work, page):
    at = page("inbox")
    at.file_uploader(key="photos").set_value([("p.png", _photo(f"{BASE.upper()}/C/K7QM2XPF", kind="PNG"), "image/png")])
    at.run()
    assert "This is not a Sayso token." in at.error[0].value


def _file(texts, encoding="utf-8"):
    return [("tokens.txt", "\n".join(texts).encode(encoding), "text/plain")]


def test_a_hundred_tokens_in_one_file_go_in_in_one_go_and_one_bad_one_stops_none(at_work, page):
    tokens = [_by_hand(at_work, at_work.cards[number % 5]).token.text for number in range(100)]
    tokens[56] = tokens[56][:-1] + ("0" if tokens[56][-1] != "0" else "1")
    at = page("inbox")
    at.file_uploader(key="files").set_value(_file(tokens)).run()
    assert "Number 57: Part of this token is missing" in shown(at)
    at.button(key="all-keep-by-hand").click().run()
    assert "Imported: 99." in shown(at)
    assert len(at_work.vault.records()) == 99
    assert all(_standing(at_work, card).on_hold for card in at_work.cards)


def test_in_one_go_what_was_never_handed_out_is_set_aside_unless_asked_for(at_work, page):
    card = _unprinted(at_work)
    tokens = [_by_hand(at_work, one).token.text for one in (at_work.cards[0], card)]
    at = page("inbox")
    at.file_uploader(key="files").set_value(_file(tokens)).run()
    at.button(key="all-keep-by-hand").click().run()
    assert "Imported: 1." in shown(at)
    assert "Set aside, because the card was not noted as handed out: 1." in shown(at)
    assert not _standing(at_work, card).in_force
    assert f"number {card.number}" in shown(at)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_read_however_its_editor_saved_it(at_work, page, encoding):
    at = page("inbox")
    at.file_uploader(key="files").set_value(_file([_by_hand(at_work).token.text], encoding)).run()
    _click(at, "confirm-by-hand")
    assert _standing(at_work).in_force


def test_a_file_that_is_too_large_is_refused_in_words(at_work, page):
    at = page("inbox")
    at.file_uploader(key="files").set_value([("big.txt", b"A" * (1024 * 1024 + 1), "text/plain")]).run()
    assert "too large" in at.error[0].value


def test_what_is_put_away_was_not_imported(at_work, page):
    at = _paste(page("inbox"), _by_hand(at_work).token.text)
    at.button(key="clear").click().run()
    assert not [button for button in at.button if button.key.startswith("confirm-")]
    assert not at_work.vault.records()


def test_a_private_name_is_shown_as_it_was_typed_and_never_as_markup(at_work, page):
    people.rename(at_work.vault, at_work.cards[0].code, "**B** [x](http://y)")
    at_work.save(at_work.cards[0], channels={"video": "ask"}, note="<b>www.example.com</b>")
    at = page("inbox")
    assert r"\*\*B\*\* \[x\]\(http\://y\)" in [element.value for element in at.subheader]
    assert any("&lt;b&gt;www.example.com&lt;/b&gt;" in element.value for element in at.get("html"))


def test_of_several_files_the_one_that_is_refused_is_named(at_work, page):
    at = page("inbox")
    big = ("from_ann.txt", b"A" * (1024 * 1024 + 1), "text/plain")
    at.file_uploader(key="files").set_value([*_file([_by_hand(at_work).token.text]), big]).run()
    assert [error.value for error in at.error] == [f"{plain('from_ann.txt')}: {FileTooLarge().sentence}"]

"""What a client keeps, a therapist locks away and a desk hands out: complete, large enough, and telling nobody else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from PIL import Image

from core import qr, receipt
from core.keys import ClientKeys
from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY
from core.paper import fonts, form, recovery_sheet
from core.paper.document import Boxes, Pairs, Text
from core.receipt import MyCopy, Sender
from core.text import LANGUAGES, Words

WORDS = Words("en")
KEYS = ClientKeys(bytes(range(16)))
SENDER = Sender("Dana Reyes, LMFT", "Harbor Street Practice", ("TikTok @danareyes",), "https://sayso.example.org")
NEVER = Preferences(
    channels=dict.fromkeys(TAXONOMY.channel_ids, "never"), issued_at=datetime(2026, 11, 22, 10, tzinfo=UTC)
)
MIXED = Preferences(
    channels={
        "video": "ask",
        "post": "composite",
        "audio": "never",
        "print": "undecided",
        "teaching": "disguised",
        "promotion": "never",
    },
    materials=("lesson", "health"),
    topics=("work",),
    note="not the thing at my old job",
    understood=True,
    issued_at=datetime(2026, 11, 22, 10, tzinfo=UTC),
    expires_at=datetime(2027, 5, 22, 10, tzinfo=UTC),
)


def copy(preferences: Preferences = MIXED, **changed: object) -> MyCopy:
    made = receipt.my_copy(preferences, SENDER, "K7QM2XPF", "7H3KQ-9XWMP", KEYS.code, "Sam Ñúñez")
    return replace(made, **changed)


def blank_form(**changed: object) -> form.PaperForm:
    return form.PaperForm("Dana Reyes, LMFT", "Harbor Street Practice", ("TikTok @danareyes",), **changed)


def sheet() -> recovery_sheet.RecoverySheet:
    words = ("maple", "orbit", "canvas", "thrive")
    return recovery_sheet.RecoverySheet("Harbor Street", "Dana Reyes", date(2026, 11, 22), words, KEYS.code)


DOCUMENTS = {
    "copy": lambda page: receipt.pdf(copy(), page),
    "copy of a no": lambda page: receipt.pdf(copy(NEVER), page),
    "recovery sheet": lambda page: recovery_sheet.pdf(sheet(), page),
    "paper form": lambda page: form.pdf(blank_form(), page),
}
every_document = pytest.mark.parametrize("made", DOCUMENTS.values(), ids=DOCUMENTS.keys())
every_page = pytest.mark.parametrize("page", ["letter", "a4"])


def said(pdf: bytes) -> str:
    pages = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


def codes(pdf: bytes) -> list[str]:
    return [text for page in pypdfium2.PdfDocument(pdf) for text in qr.seen_in(page.render(scale=3).to_pil())]


@every_document
@every_page
def test_no_type_is_smaller_than_14_points(made, page: str):
    seen = 0
    for leaf in pypdfium2.PdfDocument(made(page)):
        text = leaf.get_textpage()
        for n in range(text.count_chars()):
            if not text.get_text_range(n, 1).isspace() and text.get_text_range(n, 1):
                assert pdfium.FPDFText_GetFontSize(text.raw, n) >= 14
                seen += 1
    assert seen > 200


@every_document
@every_page
def test_nothing_is_cut_off_at_the_edge_of_a_page(made, page: str):
    for leaf in pypdfium2.PdfDocument(made(page)):
        image = leaf.render(scale=1, grayscale=True).to_pil()
        left, top, right, bottom = Image.eval(image, lambda light: 255 - light).getbbox()
        assert min(left, top) >= 36
        assert right <= image.width - 36
        assert bottom <= image.height - 36


@every_document
def test_typefaces_are_embedded(made):
    for leaf in pypdfium2.PdfDocument(made("letter")):
        for thing in leaf.get_objects(max_depth=3):
            if thing.type == pdfium.FPDF_PAGEOBJ_TEXT:
                assert pdfium.FPDFFont_GetIsEmbedded(pdfium.FPDFTextObj_GetFont(thing.raw)) == 1


@every_document
def test_a_file_says_of_itself_only_what_kind_of_paper_it_is(made):
    told = str(pypdfium2.PdfDocument(made("letter")).get_metadata_dict())
    for secret in ("Sam", "Reyes", "Harbor", "K7QM", KEYS.code[:9], "7H3KQ", "2026-", "old job"):
        assert secret not in told


def test_a_copy_says_every_choice_in_plain_words_in_the_one_order():
    text = said(receipt.pdf(copy()))
    places = [text.index(WORDS(f"channel.{channel}.label")) for channel in TAXONOMY.channel_ids]
    assert places == sorted(places)
    for channel, treatment in MIXED.channels.items():
        place, chosen = WORDS(f"channel.{channel}.label"), WORDS(f"treatment.{treatment}.label")
        assert f"{place} {chosen}" in text


def test_a_copy_says_the_limits_and_when_each_yes_ends():
    text = said(receipt.pdf(copy()))
    assert "The lesson only, with no story" in text
    assert "My diagnosis, meds, or progress (we ask you first, each time)" in text
    assert "My work, school, or money" in text
    assert "Abuse or assault" not in text
    assert "not the thing at my old job" in text
    assert "Only after I stop therapy" in text
    assert "May 22, 2027" in text


def test_a_yes_with_nothing_ticked_says_that_nothing_may_be_used():
    bare = MIXED.model_copy(update={"materials": (), "topics": ()})
    rows = dict(receipt.limits(bare, WORDS))
    assert rows[WORDS("check.what")] == WORDS("print.copy.nothing")
    assert rows[WORDS("check.topics")] == WORDS("limits.topics.none")


def test_a_no_has_no_limits_and_no_end():
    made = copy(NEVER)
    assert made.limits == ()
    text = said(receipt.pdf(made))
    assert WORDS("check.end.never") in text
    assert WORDS("print.copy.limits") not in text


@pytest.mark.parametrize("fine", [True, False])
def test_whether_i_may_recognise_myself_is_said_only_where_a_story_is_told_changed(fine: bool):
    disguised = MIXED.model_copy(update={"may_recognise_self": fine})
    asked = disguised.model_copy(update={"channels": MIXED.channels | {"teaching": "ask"}})
    answer = WORDS("check.recognise.yes" if fine else "check.recognise.no")
    assert (WORDS("check.recognise"), answer) in receipt.limits(disguised, WORDS)
    assert WORDS("check.recognise") not in dict(receipt.limits(asked, WORDS))


def test_a_copy_says_who_and_where_and_how_to_stop_and_what_can_not_be_undone():
    text = said(receipt.pdf(copy()))
    for part in ("Dana Reyes, LMFT", "Harbor Street Practice", "TikTok @danareyes", "K7QM-2XPF", "7H3KQ-9XWMP"):
        assert part in text
    assert "November 22, 2026" in text
    assert "https://sayso.example.org/c/K7QM2XPF" in text
    assert WORDS("print.copy.care") in text
    assert WORDS("print.copy.undo") in text
    assert WORDS("print.copy.guess") in text


def test_the_name_or_mark_stands_on_the_copy_and_an_empty_one_is_said_to_be_empty():
    assert said(receipt.pdf(copy())).count("Sam Ñúñez") == 1
    assert WORDS("print.copy.unsigned") in said(receipt.pdf(copy(signed="  ")))


def test_the_personal_code_stands_as_text_and_its_link_as_a_code_that_reads():
    pdf = receipt.pdf(copy())
    assert KEYS.code in said(pdf)
    (link,) = codes(pdf)
    address, _, secret = link.partition("#")
    assert address == "https://sayso.example.org/mine"
    card_code, _, code = secret.partition(".")
    assert card_code == "K7QM2XPF"
    assert ClientKeys.from_code(code) == KEYS


def test_a_copy_without_a_personal_code_has_no_link():
    pdf = receipt.pdf(copy(client_code=""))
    assert codes(pdf) == []
    assert WORDS("print.copy.code") not in said(pdf)


def test_the_picture_is_one_png_of_a_phones_width_and_its_code_reads():
    made = receipt.picture(copy())
    image = Image.open(BytesIO(made))
    assert image.format == "PNG"
    assert image.width == 1080
    assert image.height > image.width
    assert qr.read(made) == [receipt.personal_link(SENDER.base, "K7QM2XPF", KEYS.code)]


def test_the_picture_reads_after_a_chat_has_shrunk_it():
    image = Image.open(BytesIO(receipt.picture(copy())))
    small = image.resize((image.width // 2, image.height // 2))
    out = BytesIO()
    small.save(out, "JPEG", quality=50)
    assert qr.read(out.getvalue()) == [receipt.personal_link(SENDER.base, "K7QM2XPF", KEYS.code)]


def test_the_picture_keeps_its_margins():
    image = Image.open(BytesIO(receipt.picture(copy()))).convert("L")
    left, top, right, bottom = Image.eval(image, lambda light: 255 - light).getbbox()
    assert min(left, top) >= 60
    assert right <= image.width - 60
    assert bottom <= image.height - 60


@pytest.mark.parametrize("check", ["*", "~", "$", "=", "U", "7"])
def test_every_check_sign_survives_the_personal_link(check: str):
    link = receipt.personal_link("https://sayso.example.org/", "K7QM2XPF", "0123-4567-89AB-CDEF-GHJK-MNPQ-RS" + check)
    assert link == f"https://sayso.example.org/mine#K7QM2XPF.0123456789ABCDEFGHJKMNPQRS{check}"
    assert qr.read(qr.png(qr.matrix(link))) == [link]


def test_what_shows_up_in_a_log_holds_nothing_private():
    shown = repr(copy()) + repr(sheet()) + repr(blank_form(card="K7QM2XPF"))
    for secret in ("Sam", "K7QM", KEYS.code[:9], "7H3KQ", "Composite", "old job", "Never"):
        assert secret not in shown


def test_markup_in_a_name_is_printed_as_it_was_typed():
    assert "<b>Sam</b> & Co" in said(receipt.pdf(copy(signed="<b>Sam</b> & Co")))


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Núñez Öztürk Łukasz", "Núñez Öztürk Łukasz"),
        ("e\u0301t\u00e9", "été"),
        ("Dana 🌱✨ Reyes", "Dana  Reyes"),
        ("𝓓𝓪𝓷𝓪", "Dana"),
        ("two\tparts", "two parts"),
        ("李", "李"),
    ],
)
def test_letters_the_typeface_lacks_turn_plain_or_stay_visible(typed: str, printed: str):
    assert fonts.printable(typed) == printed


def test_a_very_long_word_neither_breaks_the_layout_nor_is_lost():
    text = said(receipt.pdf(copy(accounts=("www." + "a" * 150 + ".example",))))
    assert text.count("a" * 10) >= 1
    assert "".join(text.split()).count("a" * 150) == 1


def test_the_recovery_sheet_is_one_page_with_the_code_as_text_and_as_a_square():
    pdf = recovery_sheet.pdf(sheet())
    assert len(pypdfium2.PdfDocument(pdf)) == 1
    text = said(pdf)
    for part in ("Harbor Street", "Dana Reyes", "November 22, 2026", "maple orbit canvas thrive", KEYS.code):
        assert part in text
    assert codes(pdf) == [KEYS.code]
    for step in ("use", "keep", "apart", "new", "foot"):
        assert WORDS(f"print.recovery.{step}") in text


def test_the_form_offers_the_same_choices_in_the_same_order_as_the_screens():
    sections = {section.heading: section for section in form.sections(blank_form())}
    places = [WORDS(f"channel.{channel}.label") for channel in TAXONOMY.channel_ids]
    assert [heading for heading in sections if heading in places] == places
    for channel, place in zip(TAXONOMY.channel_ids, places, strict=True):
        (boxes,) = (item for item in sections[place].items if isinstance(item, Boxes))
        assert [label for label, _ in boxes.options] == [
            WORDS(f"treatment.{treatment}.label") for treatment in TAXONOMY.treatments_for(channel)
        ]


def test_what_each_answer_means_stands_before_the_first_place():
    sections = form.sections(blank_form())
    headings = [section.heading for section in sections]
    before = sections[: headings.index(WORDS(f"channel.{TAXONOMY.channel_ids[0]}.label"))]
    shown = [item.text for section in before for item in section.items if isinstance(item, Text)]
    for term in TAXONOMY.treatments:
        assert f"{term.label}: {term.hint}" in shown


@pytest.mark.parametrize("page", ["letter", "a4"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_is_no_longer_than_five_pages(page, language):
    whole = form.pdf(blank_form(card="K7QM2XPF", language=language, part_2=True), page)
    assert len(pypdfium2.PdfDocument(whole)) <= 5


def test_the_form_can_carry_everything_a_document_can_hold():
    text = said(form.pdf(blank_form()))
    families = {
        "material": TAXONOMY.material_ids,
        "topic": TAXONOMY.topic_ids,
        "therapy": ("after", "during"),
        "gap": (6, 3, 0),
        "term": (3, 6, 12),
        "locked": ("likeness", "ai", "notes"),
    }
    for family, ids in families.items():
        for term in ids:
            assert WORDS(f"{family}.{term}.label") in text
    assert WORDS("recognise_self.label") in text
    assert WORDS("print.form.note") in text


def test_the_form_shows_every_word_a_permission_rests_on():
    from core.text import domains

    assert "notice" in domains()
    items = [item for section in form.sections(blank_form()) for item in section.items]
    shown = {item.text for item in items if isinstance(item, Text)}
    for key in ("what", "choose", "no", "mixed", "changed", "asked", "fail", "undo", "end", "stop", "taken", "locked"):
        assert WORDS(f"notice.{key}") in shown
    assert WORDS("notice.who", therapist="Dana Reyes, LMFT", accounts="TikTok @danareyes") in shown


def test_the_limits_on_the_form_come_in_the_order_of_the_screen():
    headings = [section.heading for section in form.sections(blank_form())]
    order = ["limits.materials", "limits.term", "check.topics", "limits.therapy", "limits.gap", "print.form.more"]
    places = [headings.index(WORDS(key)) for key in order]
    assert places == sorted(places)


def test_a_part_2_practice_does_not_offer_alcohol_and_drugs_on_paper_either():
    text = said(form.pdf(blank_form(part_2=True)))
    assert WORDS("topic.substances.label") not in text
    assert "always left out here" in text


def test_no_to_everything_comes_before_any_other_choice_on_the_form():
    sections = form.sections(blank_form())
    first = next(section for section in sections if any(isinstance(item, Boxes) for item in section.items))
    assert first.heading == WORDS("print.form.all_no")


def test_every_box_on_the_form_is_empty():
    found = 0
    for page in pypdfium2.PdfDocument(form.pdf(blank_form())):
        image = page.render(scale=4, grayscale=True).to_pil()
        for thing in page.get_objects():
            left, bottom, right, top = thing.get_bounds()
            if thing.type == pdfium.FPDF_PAGEOBJ_PATH and right - left < 16 and top - bottom > 12:
                edges = (left + 2, page.get_height() - top + 2, right - 2, page.get_height() - bottom - 2)
                assert image.crop(tuple(round(edge * 4) for edge in edges)).getextrema() == (255, 255)
                found += 1
    assert found == 1 + 5 * 5 + 3 + 6 + 9 + 2 + 3 + 3 + 1 + 2


def test_many_clients_can_save_their_copies_at_once():
    with ThreadPoolExecutor(6) as threads:
        pictures = set(threads.map(lambda _: receipt.picture(copy()), range(6)))
        pdfs = set(threads.map(lambda _: receipt.pdf(copy()), range(6)))
    assert len(pictures) == len(pdfs) == 1


def test_a_form_for_a_card_carries_its_code_and_one_without_a_line_to_write_it():
    assert "K7QM-2XPF" in said(form.pdf(blank_form(card="K7QM2XPF")))
    assert "K7QM" not in said(form.pdf(blank_form()))


def test_a_copy_as_sections_says_what_the_pdf_says():
    text = said(receipt.pdf(copy()))
    for section in receipt.sections(copy()):
        assert section.heading in text
        for item in section.items:
            if isinstance(item, Text):
                assert " ".join(item.text.split()) in text
            if isinstance(item, Pairs):
                assert all(" ".join(answer.split()) in text for _, answer in item.rows)


@pytest.mark.parametrize("note", ["לא הכלב", "不要提我的狗", "لا أحد", "not the 🐕"])
def test_a_note_that_cannot_be_printed_whole_says_so(note: str) -> None:
    made = copy(MIXED.model_copy(update={"note": note}))
    assert WORDS("print.copy.signs") in said(receipt.pdf(made))


@pytest.mark.parametrize("note", ["not the thing at my old job", "nada de mi año · “así” — 3 €", "𝓝𝓸 dogs"])
def test_a_note_that_is_printed_whole_says_nothing_of_it(note: str) -> None:
    made = copy(MIXED.model_copy(update={"note": note}))
    assert WORDS("print.copy.signs") not in said(receipt.pdf(made))


def test_a_name_that_cannot_be_printed_leaves_a_line_to_write_on() -> None:
    by_hand = WORDS("print.copy.signed.signs")
    assert by_hand in said(receipt.pdf(copy(signed="חנה לוי")))
    assert by_hand not in said(receipt.pdf(copy()))

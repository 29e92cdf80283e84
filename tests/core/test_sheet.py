"""Card sheets, judged by what comes out of the printer: rendered pages, read and measured."""

from __future__ import annotations

import random
from io import BytesIO
from itertools import combinations, pairwise
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import zxingcpp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from core import card, qr, sheet
from core.errors import AddressTooLong, UnreadableCode
from core.paper import fonts
from core.sheet import PRESETS, CardFace, Preset
from core.sheet.face import plan
from core.sheet.trial import ruler_length
from core.text import Words

BASE = "https://sayso.example.org"
WORDS = ("maple", "orbit", "canvas", "thrive")
DOT = 300 / 25.4
#: Half a dot of the 300 dpi rendering, in mm: as exact as a measure on it can be.
EXACT = 0.5 / DOT

every_preset = pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS.keys())


def faces(count: int, base: str = BASE, first: int = 41, **changed: str) -> list[CardFace]:
    draw = random.Random(count).randrange
    names = {"therapist": "Dana Reyes, LMFT", "practice": "Harbor Street Practice"} | changed
    return [CardFace(card.draw(draw), first + n, base, WORDS, "en", **names) for n in range(count)]


def rendered(pdf: bytes, page: int = 0) -> Image.Image:
    return pypdfium2.PdfDocument(pdf)[page].render(scale=300 / 72, grayscale=True).to_pil()


def place(image: Image.Image, preset: Preset, index: int = 0) -> Image.Image:
    left, top = list(preset.places())[index]
    width, height = preset.card
    return image.crop(tuple(round(edge * DOT) for edge in (left, top, left + width, top + height)))


def found_code(image: Image.Image) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of the one code in an image, in mm, by its finder patterns."""
    corners = zxingcpp.read_barcode(image).position
    dark = Image.eval(image, lambda light: 255 * (light < 128))
    around = (
        corners.top_left.x - 12,
        corners.top_left.y - 12,
        corners.bottom_right.x + 12,
        corners.bottom_right.y + 12,
    )
    inside = dark.crop(around).getbbox()
    return tuple((edge + around[n % 2]) / DOT for n, edge in enumerate(inside))


def text_in(pdf: bytes, left: float, top: float, right: float, bottom: float, page: int = 0) -> str:
    """The text inside a rectangle given in mm from the page's top left."""
    leaf = pypdfium2.PdfDocument(pdf)[page]
    points = 72 / 25.4
    high = leaf.get_height()
    box = (left * points, high - bottom * points, right * points, high - top * points)
    return leaf.get_textpage().get_text_bounded(*box).strip()


@every_preset
def test_every_code_of_a_sheet_reads_back_at_300_dpi_and_says_its_address(preset: Preset):
    cards = faces(preset.per_sheet + 1)
    pdf = sheet.draw_sheet(cards, preset)
    assert len(pypdfium2.PdfDocument(pdf)) == 2
    for index, face in enumerate(cards):
        picture = place(rendered(pdf, index // preset.per_sheet), preset, index % preset.per_sheet)
        assert qr.seen_in(picture) == [f"HTTPS://SAYSO.EXAMPLE.ORG/C/{face.code}"]


@every_preset
def test_a_code_still_reads_from_a_bad_photocopy(preset: Preset):
    cards = faces(1)
    page = rendered(sheet.draw_sheet(cards, preset)).filter(ImageFilter.GaussianBlur(2))
    copy = Image.blend(page, Image.effect_noise(page.size, 60), 0.3).point(lambda light: 255 * (light > 120))
    assert qr.seen_in(place(copy, preset).rotate(3, fillcolor=255)) == [card.address(BASE, cards[0].code)]


@every_preset
@pytest.mark.parametrize(
    "host", ["a.co", "sayso.example.org", "consent.riverside-therapy.org", "a" * 96 + ".example.org"]
)
def test_a_code_is_large_its_modules_too_and_white_all_around(preset: Preset, host: str):
    image = place(rendered(sheet.draw_sheet(faces(1, f"https://{host}"), preset)), preset)
    left, top, right, bottom = found_code(image)
    modules = len(qr.matrix(card.address(f"https://{host}", "0" * 8)))
    module = (right - left) / modules
    assert right - left >= 30 - EXACT
    assert abs((right - left) - (bottom - top)) <= 0.2
    assert module >= 0.6
    quiet = 4 * module
    edges = (left - quiet, top - quiet, right + quiet, bottom + quiet)
    around = image.crop(tuple(max(0, round(edge * DOT)) for edge in edges))
    assert left - quiet >= -0.1
    assert top - quiet >= -0.1
    dark = Image.eval(around, lambda light: 255 - light).getbbox()
    white = (dark[0], dark[1], around.width - dark[2], around.height - dark[3])
    # Half a module short would be a tenth; what is missing here is the roundness of dots.
    assert min(white) >= 0.95 * quiet * DOT


def test_the_usual_address_gets_modules_of_more_than_the_aim():
    preset = PRESETS["a4-10up"]
    left, _, right, _ = found_code(place(rendered(sheet.draw_sheet(faces(1), preset)), preset))
    assert (right - left) / 25 >= 0.8


def test_a_code_is_pure_black_on_white_and_drawn_not_pasted():
    page = pypdfium2.PdfDocument(sheet.draw_sheet(faces(1), PRESETS["card"]))[0]
    kinds = {thing.type for thing in page.get_objects(max_depth=3)}
    assert pdfium.FPDF_PAGEOBJ_IMAGE not in kinds
    picture = page.render(scale=600 / 72).to_pil().crop((120, 120, 800, 800))
    assert {(0, 0, 0), (255, 255, 255)} <= {colour for _, colour in picture.getcolors(10_000)}
    middle = picture.point(lambda light: 255 * (20 < light < 235))
    assert sum(middle.convert("1").histogram()[1:]) < 0.06 * picture.width * picture.height


def test_an_address_too_long_for_a_good_code_is_refused():
    with pytest.raises(AddressTooLong):
        sheet.draw_sheet(faces(1, "https://" + "a" * 150 + ".org"), PRESETS["a4-10up"])


@every_preset
def test_a_card_says_what_it_must(preset: Preset):
    (face,) = cards = faces(1)
    said = " ".join(text_in(sheet.draw_sheet(cards, preset), 0, 0, *preset.page).split())
    words = Words("en")
    assert f"{words('print.card.scan')} {words('print.card.choose')}" in said
    assert words("print.card.never_ask") in said
    assert "maple orbit canvas thrive" in said
    assert "sayso.example.org" in said
    assert card.shown(face.code) in said
    assert "Dana Reyes, LMFT" in said
    assert "Harbor Street Practice" in said


@every_preset
def test_nothing_but_the_number_stands_on_the_stub(preset: Preset):
    cards = faces(preset.per_sheet)
    pdf = sheet.draw_sheet(cards, preset)
    image = rendered(pdf)
    for face, (left, top) in zip(cards, preset.places(), strict=True):
        right, bottom = left + preset.card[0], top + preset.card[1]
        stub = bottom - preset.stub
        assert text_in(pdf, left, stub, right, bottom) == str(face.number)
        # Only the number is dark there: nothing is drawn that is no text.
        inked = image.crop(
            tuple(round(e * DOT) for e in (left + preset.edge + 30, stub + 0.5, right - 0.5, bottom - 0.5))
        )
        assert inked.getextrema() == (255, 255)


@every_preset
def test_the_number_stands_on_the_stub_and_nowhere_else_on_the_card(preset: Preset):
    pdf = sheet.draw_sheet(faces(1, first=7777), preset)
    left, top = preset.corner
    right, bottom = left + preset.card[0], top + preset.card[1]
    assert "7777" not in text_in(pdf, left, top, right, bottom - preset.stub)
    if preset.per_sheet == 1:
        assert text_in(pdf, 0, 0, *preset.page).count("7777") == 1


@every_preset
@pytest.mark.parametrize("base", [BASE, "https://consent.riverside-therapy.org"])
def test_the_address_and_the_code_are_set_in_14_points_or_more(preset: Preset, base: str):
    (face,) = cards = faces(1, base)
    pdf = sheet.draw_sheet(cards, preset)
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    text = page.get_text_range()
    typed = [base.removeprefix("https://")[:8], card.shown(face.code)]
    for piece in typed:
        start = text.index(piece)
        assert pdfium.FPDFText_GetFontSize(page.raw, start) >= 14


@every_preset
@given(
    label=st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=14),
    practice=st.text(st.characters(codec="latin-1", categories=["L", "N", "P", "Zs"]), max_size=120),
    words=st.lists(
        st.sampled_from(["bookkeeper", "squirrel", "ill", "amplitude", "murciélago"]), min_size=4, max_size=4
    ),
)
@example(label="000000", practice="0" * 15, words=["bookkeeper"] * 4)
@settings(max_examples=25, deadline=None)
def test_whatever_the_names_no_line_leaves_the_card_or_touches_the_code(
    preset: Preset, label: str, practice: str, words: list[str]
):
    kind = CardFace("", 0, f"https://{label}.{label}.org", tuple(words), "en", "Dr. " + practice, practice)
    layout = plan(kind, preset)
    box_right = (layout.box[0] + layout.box[2]) / 72 * 25.4

    for line in (*layout.lines, layout.code):
        wide = fonts.width(line.text if line != layout.code else "W9W9-W9W9", line.font, line.size)
        left = line.x - wide / 2 if line.anchor == "middle" else line.x
        assert (left + wide) / 72 * 25.4 <= preset.card[0]
        assert line.y / 72 * 25.4 > preset.stub
        assert (line.y + line.size * fonts.ASCENT) / 72 * 25.4 <= preset.card[1]
        below = (line.y + line.size * fonts.ASCENT) <= layout.box[1]
        assert below or left / 72 * 25.4 >= box_right - EXACT
    rows = sorted((line.y for line in (*layout.lines, layout.code)), reverse=True)
    assert all(upper - lower >= 5 for upper, lower in pairwise(rows))


@pytest.mark.parametrize("offset", [(0.0, 0.0), (2.0, 0.0), (0.0, 1.5), (-1.5, -2.0)])
def test_an_offset_moves_the_whole_sheet_right_and_down(offset: tuple[float, float]):
    preset = PRESETS["letter-10up"]
    cards = faces(10)
    plain, moved = sheet.draw_sheet(cards, preset), sheet.draw_sheet(cards, preset, offset)
    for index in (0, 9):
        here, there = (found_code(place(rendered(pdf), preset, index)) for pdf in (plain, moved))
        for edge in range(4):
            assert abs(there[edge] - here[edge] - offset[edge % 2]) <= 2 * EXACT
    sheet.verify_sheet(moved, cards, preset, offset_mm=offset)


def test_the_same_cards_give_the_same_bytes_whenever_they_are_made():
    assert sheet.draw_sheet(faces(3), PRESETS["a6"]) == sheet.draw_sheet(faces(3), PRESETS["a6"])


@every_preset
def test_typefaces_are_embedded(preset: Preset):
    page = pypdfium2.PdfDocument(sheet.draw_sheet(faces(1), preset))[0]
    written = [thing for thing in page.get_objects(max_depth=3) if thing.type == pdfium.FPDF_PAGEOBJ_TEXT]
    assert written
    for thing in written:
        assert pdfium.FPDFFont_GetIsEmbedded(pdfium.FPDFTextObj_GetFont(thing.raw)) == 1


def test_what_a_pdf_says_of_itself_holds_no_code_and_no_name():
    cards = faces(10)
    pdf = sheet.draw_sheet(cards, PRESETS["a4-10up"])
    said = str(pypdfium2.PdfDocument(pdf).get_metadata_dict())
    assert not [face.code for face in cards if face.code in said]
    assert "Reyes" not in said
    assert "Harbor" not in said


@every_preset
def test_progress_counts_every_card_and_can_stop_the_work(preset: Preset):
    seen: list[tuple[int, int]] = []
    cards = faces(3)
    pdf = sheet.draw_sheet(cards, preset, progress=lambda done, of: seen.append((done, of)))
    sheet.verify_sheet(pdf, cards, preset, lambda done, of: seen.append((done, of)))
    assert seen == [(1, 3), (2, 3), (3, 3)] * 2

    def stop(done: int, _of: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sheet.draw_sheet(cards, preset, progress=stop)
    with pytest.raises(KeyboardInterrupt):
        sheet.verify_sheet(pdf, cards, preset, stop)


@every_preset
def test_a_good_sheet_is_offered(preset: Preset):
    cards = faces(preset.per_sheet + 2)
    sheet.verify_sheet(sheet.draw_sheet(cards, preset), cards, preset)


@every_preset
def test_a_code_that_says_something_else_is_named_by_its_number(preset: Preset):
    cards = faces(preset.per_sheet + 2)
    tampered = list(cards)
    tampered[-1] = CardFace(cards[0].code, cards[-1].number, BASE, WORDS, "en", "Dana Reyes", "Harbor")
    with pytest.raises(UnreadableCode) as refused:
        sheet.verify_sheet(sheet.draw_sheet(tampered, preset), cards, preset)
    assert refused.value.details == {"number": cards[-1].number}
    assert str(cards[-1].number) in refused.value.sentence
    assert cards[-1].code not in refused.value.sentence


def stamped(pdf: bytes, left: float, top: float, side: float) -> bytes:
    """The same PDF with a black square on its first page, placed in mm."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[0]
    points = 72 / 25.4
    square = pdfium.FPDFPageObj_CreateNewRect(
        left * points, page.get_height() - (top + side) * points, side * points, side * points
    )
    pdfium.FPDFPageObj_SetFillColor(square, 0, 0, 0, 255)
    pdfium.FPDFPath_SetDrawMode(square, pdfium.FPDF_FILLMODE_WINDING, 0)
    page.insert_obj(pypdfium2.PdfObject(square))
    page.gen_content()
    out = BytesIO()
    document.save(out)
    return out.getvalue()


@every_preset
def test_a_covered_code_is_named_by_its_number(preset: Preset):
    cards = faces(preset.per_sheet)
    left, top = list(preset.places())[-1]
    x = preset.card[0] / 2 if preset.layout == "below" else preset.box / 2
    side = preset.box / 2.5
    covered = stamped(sheet.draw_sheet(cards, preset), left + x - side / 2, top + (preset.box - side) / 2, side)
    with pytest.raises(UnreadableCode) as refused:
        sheet.verify_sheet(covered, cards, preset)
    assert refused.value.details == {"number": cards[-1].number}


def test_a_sheet_that_lacks_a_page_is_not_offered():
    preset = PRESETS["letter-10up"]
    cards = faces(11)
    with pytest.raises(UnreadableCode) as refused:
        sheet.verify_sheet(sheet.draw_sheet(cards[:10], preset), cards, preset)
    assert refused.value.details == {"number": cards[10].number}


@every_preset
def test_the_cards_of_a_preset_lie_on_its_page_and_apart(preset: Preset):
    places = list(preset.places())
    assert len(places) == preset.per_sheet
    for left, top in places:
        assert left >= 0
        assert top >= 0
        assert left + preset.card[0] <= preset.page[0] + 0.01
        assert top + preset.card[1] <= preset.page[1] + 0.01
    for (left, top), (other_left, other_top) in combinations(places, 2):
        aside = abs(left - other_left) >= preset.card[0] - 0.01
        assert aside or abs(top - other_top) >= preset.card[1] - 0.01


@every_preset
def test_the_test_sheet_has_a_true_ruler_and_every_outline_and_no_code(preset: Preset):
    pdf = sheet.trial_sheet(preset)
    image = rendered(pdf)
    assert qr.seen_in(image) == []
    said = text_in(pdf, 0, 0, *preset.page)
    assert f"{ruler_length(preset)} mm" in said
    assert "100 %" in said
    for name in preset.stock:
        assert name in said.replace("\r\n", " ")
    for left, top in preset.places():
        row = image.crop(
            (0, round((top + preset.card[1] / 2) * DOT), image.width, round((top + preset.card[1] / 2) * DOT) + 1)
        )
        near = row.crop((max(0, round(left * DOT) - 3), 0, round(left * DOT) + 4, 1))
        assert near.getextrema()[0] < 160


@every_preset
def test_the_ruler_is_as_long_as_it_says(preset: Preset):
    page = pypdfium2.PdfDocument(sheet.trial_sheet(preset))[0]
    flat = [
        right - left
        for left, bottom, right, top in (thing.get_bounds() for thing in page.get_objects())
        if top - bottom < 2 and right - left > 100
    ]
    assert any(abs(length / 72 * 25.4 - ruler_length(preset)) < 0.3 for length in flat)


@pytest.mark.parametrize(
    ("base", "warnings"),
    [
        ("https://sayso.example.org", []),
        ("http://sayso.example.org", ["http"]),
        ("http://127.0.0.1:8501", ["loopback", "http"]),
        ("http://localhost:8501", ["loopback", "http"]),
        ("https://[::1]", ["loopback"]),
        ("https://192.168.1.20", ["private"]),
        ("https://10.0.0.7:8501", ["private"]),
        ("https://practice.local", ["private"]),
        ("https://frontdesk", ["private"]),
        ("https://consent.a-practice-with-a-name.org", ["long"]),
    ],
)
def test_an_address_that_does_not_do_on_a_card_is_warned_of_in_words(base: str, warnings: list[str]):
    found = sheet.check_base(base)
    assert found == [f"print.base.{warning}" for warning in warnings]
    assert all(Words("en").has(key) for key in found)


def test_the_printing_guide_lists_every_preset_with_its_own_measures():
    guide = (Path(__file__).parents[2] / "docs" / "printing.md").read_text("utf-8")
    rows = {row.split("`")[1]: row for row in guide.splitlines() if row.startswith("| `")}
    assert list(rows) == list(PRESETS)
    for name, preset in PRESETS.items():
        _, _, page, size, count, stock, _ = (cell.strip() for cell in rows[name].split("|"))
        assert page == f"{preset.page[0]:g} × {preset.page[1]:g}"
        assert size == f"{preset.card[0]:g} × {preset.card[1]:g}"
        assert count == str(preset.per_sheet)
        assert stock == ", ".join(preset.stock) or stock.startswith("any")

"""The logo stays away from the code, and the poster and the paper form say what they must."""

from __future__ import annotations

import random
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from core import card, plain, qr, sheet
from core.errors import NotALogo
from core.model.taxonomy import TAXONOMY
from core.paper import form, logos, poster, render
from core.sheet import PRESETS, CardFace, Preset
from core.text import Words

BASE = "https://sayso.example.org"
DOT = 300 / 25.4
GREEN = (0, 140, 0)


def picture(size=(300, 300), mode="RGB", kind="PNG", **saved):
    image = Image.new(mode, size, GREEN if mode == "RGB" else None)
    out = BytesIO()
    image.save(out, kind, **saved)
    return out.getvalue()


def faces(preset: Preset, logo: bytes, name: str = "Dana Reyes, LMFT") -> list[CardFace]:
    draw = random.Random(5).randrange
    words = ("maple", "orbit", "canvas", "thrive")
    return [
        CardFace(card.draw(draw), number, BASE, words, "en", name, "Harbor Street Practice", logo)
        for number in range(1, preset.per_sheet + 1)
    ]


def in_colour(pdf: bytes) -> Image.Image:
    return pypdfium2.PdfDocument(pdf)[0].render(scale=300 / 72).to_pil()


def box_of(image: Image.Image, colour: tuple[int, int, int]):
    """Left, top, right, bottom of what has a colour, in dots."""
    red, green, blue = image.split()
    near = [
        Image.eval(band, lambda light, want=want: 255 * (abs(light - want) < 40))
        for band, want in zip((red, green, blue), colour, strict=True)
    ]
    mask = Image.composite(
        Image.composite(near[0], Image.new("L", image.size), near[1]), Image.new("L", image.size), near[2]
    )
    return mask.getbbox()


@pytest.mark.parametrize("shape", [(300, 300), (480, 80), (80, 480)])
@pytest.mark.parametrize("name", ["Dana Reyes, LMFT", "A therapist with a very long name, LMFT, PhD, and more"])
@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS.keys())
def test_a_logo_is_on_the_card_and_outside_the_code_with_its_margin(preset: Preset, name: str, shape):
    logo = logos.prepared(picture(shape))
    cards = faces(preset, logo, name)
    pdf = sheet.draw_sheet(cards, preset)
    sheet.verify_sheet(pdf, cards, preset)
    left, top = preset.corner
    width, height = preset.card
    image = in_colour(pdf).crop(tuple(round(edge * DOT) for edge in (left, top, left + width, top + height)))
    found = box_of(image, GREEN)
    assert found, "the logo is on the card"
    seen = zxingcpp.read_barcode(image.convert("L")).position
    margin = 4 * (seen.top_right.x - seen.top_left.x) / (len(qr.matrix(card.address(BASE, cards[0].code))))
    code = (seen.top_left.x - margin, seen.top_left.y - margin, seen.top_right.x + margin, seen.bottom_left.y + margin)
    assert found[0] > code[2] or found[1] > code[3]
    assert found[3] <= (height - preset.stub) * DOT + 1
    assert found[2] <= image.width
    # No word lies under it.
    points, page = 72 / 300, pypdfium2.PdfDocument(pdf)[0]
    x, y = (left * DOT + found[0]) * points, page.get_height() - (top * DOT + found[3]) * points
    under = (x, y, x + (found[2] - found[0]) * points, y + (found[3] - found[1]) * points)
    assert page.get_textpage().get_text_bounded(*under).strip() == ""


def test_a_sheet_holds_its_logo_once():
    logo = logos.prepared(picture())
    preset = PRESETS["letter-10up"]
    one, ten = sheet.draw_sheet(faces(preset, logo)[:1], preset), sheet.draw_sheet(faces(preset, logo), preset)
    assert one.count(b"/Subtype /Image") == ten.count(b"/Subtype /Image")


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        picture(kind="GIF"),
        picture((39, 300)),
        picture((2000, 200)),
        picture()[:60],
        b"\x89PNG" + bytes(logos.MOST_BYTES),
    ],
)
def test_what_is_no_small_png_or_jpeg_is_refused(file):
    with pytest.raises(NotALogo):
        logos.prepared(file)


def test_a_picture_too_large_to_open_is_refused_by_its_head():
    with pytest.raises(NotALogo):
        logos.prepared(picture((5000, 5000), mode="1"))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_logo_is_made_anew_and_small(kind, mode):
    kept = Image.open(BytesIO(logos.prepared(picture((1200, 600), mode, kind))))
    assert (kept.format, kept.mode, kept.size) == ("PNG", "RGB", (480, 240))


def test_what_a_photo_says_of_itself_is_gone_and_it_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned on its side
    exif[0x010E] = "canary"
    kept = logos.prepared(picture((400, 100), kind="JPEG", exif=exif))
    assert b"canary" not in kept
    assert Image.open(BytesIO(kept)).size == (100, 400)


def test_what_is_clear_in_a_logo_becomes_white():
    kept = Image.open(BytesIO(logos.prepared(picture(mode="RGBA"))))
    assert kept.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("page", ["letter", "a4"])
@pytest.mark.parametrize("logo", [b"", logos.prepared(picture((480, 60))), logos.prepared(picture((60, 480)))])
def test_the_poster_says_what_a_card_is_for_and_has_no_code(page, logo):
    pdf = poster.pdf("Harbor Street Practice", logo, page)
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    said = " ".join(document[0].get_textpage().get_text_range().split())
    words = Words()
    for key in ("title", "yours", "choose", "care", "money", "ask"):
        assert words(f"print.poster.{key}") in said
    assert "Harbor Street Practice" in said
    (seen,) = render.pages(pdf, 150)
    assert qr.seen_in(seen) == []


def test_the_poster_without_a_practice_is_a_poster_too():
    assert poster.pdf("") != poster.pdf("Harbor Street Practice")


def test_the_paper_form_has_every_choice_of_the_screens_in_their_order():
    words = Words()
    pdf = form.pdf(form.PaperForm("Dana Reyes, LMFT", "Harbor Street Practice", ("@dana",)))
    text = " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(pdf))
    wanted = []
    for channel in TAXONOMY.channel_ids:
        wanted.append(words(f"channel.{channel}.label"))
        wanted += [words(f"treatment.{one}.label") for one in TAXONOMY.treatments_for(channel)]
    wanted += [plain.material(one, words) for one in TAXONOMY.material_ids]
    wanted.append(words("recognise_self.label"))
    wanted += [words(f"term.{months}.label") for months in TAXONOMY.term_months]
    wanted += [words(f"topic.{one}.label") for one in TAXONOMY.topic_ids]
    wanted += [words(f"therapy.{one.id}.label") for one in TAXONOMY.therapy]
    wanted += [words(f"gap.{months}.label") for months in TAXONOMY.gap_months]
    place = text.index(words("print.form.places.how"))
    for label in wanted:
        place = text.index(label, place) + len(label)

"""QR codes: what is written is what is read, from a screen, a print or a poor photo."""

from __future__ import annotations

import random
import re
from contextlib import suppress
from io import BytesIO

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter

from core import crockford, qr
from core.errors import ImageTooLarge, NoCodeFound, NotAnImage, PictureProblem

ADDRESS = "HTTPS://SAYSO.EXAMPLE.ORG/C/K7QM2XPF"


def token(seed: int = 1) -> str:
    return "SAYSO1:" + crockford.encode(random.Random(seed).randbytes(302))


def picture(modules: qr.Matrix, scale: int = 8) -> Image.Image:
    return Image.open(BytesIO(qr.png(modules, scale))).convert("L")


def saved(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photographed(image: Image.Image, seed: int) -> bytes:
    """A hand-held photo of a screen: askew, unsharp, grey, noisy, pressed hard by JPEG."""
    luck = random.Random(seed)
    scene = Image.new("L", (1400, 1800), 90)
    scene.paste(image.resize((900, 900)), (230, 380))
    scene = scene.rotate(luck.uniform(-20, 20), Image.Resampling.BICUBIC, fillcolor=90)
    scene = scene.filter(ImageFilter.GaussianBlur(1.6)).point(lambda light: 40 + light * 0.55)
    noise = Image.effect_noise(scene.size, 30)
    return saved(Image.blend(scene, noise, 0.12), "JPEG", quality=45)


@given(st.text(st.characters(codec="ascii"), min_size=1, max_size=80))
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_back(text: str):
    assert qr.read(qr.png(qr.matrix(text, 3))) == [text]


@given(st.integers(0, 2**32), st.integers(0, 7))
@settings(max_examples=25, deadline=None)
def test_a_token_takes_version_14_and_reads_under_every_mask(seed: int, mask: int):
    modules = qr.matrix(token(seed), mask)
    assert qr.version(modules) == 14
    assert qr.read(qr.png(modules, 4)) == [token(seed)]


@given(st.sampled_from([3, 20, 200]), st.sampled_from("aA"))
def test_a_code_is_never_larger_than_the_library_would_make_it(length: int, letter: str):
    import qrcode

    plain = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M)
    plain.add_data(letter * length)
    assert qr.version(qr.matrix(letter * length, 0)) == plain.best_fit()


def test_every_code_is_error_correction_m():
    found = zxingcpp.read_barcode(picture(qr.matrix(ADDRESS)))
    assert found.extra["ECLevel"] == "M"


def test_a_card_address_is_small_enough_for_large_modules():
    assert qr.version(qr.matrix(ADDRESS)) == 2


def test_the_same_text_gives_the_same_code():
    assert qr.matrix(ADDRESS) == qr.matrix(ADDRESS)
    assert qr.best_mask(ADDRESS) == qr.best_mask(ADDRESS)


def test_the_best_mask_is_the_one_a_code_without_a_mask_wears():
    assert qr.matrix(ADDRESS, qr.best_mask(ADDRESS)) == qr.matrix(ADDRESS)


def test_a_picture_for_a_screen_has_whole_pixels_and_a_quiet_zone_of_four_modules():
    modules = qr.matrix(ADDRESS)
    image = picture(modules, scale=5)
    assert image.size == (5 * (len(modules) + 8),) * 2
    assert set(image.tobytes()) == {0, 255}
    dark = Image.eval(image, lambda light: 255 - light).getbbox()
    assert dark == (20, 20, image.width - 20, image.height - 20)


def test_the_svg_draws_exactly_the_dark_modules_inside_its_quiet_zone():
    modules = qr.matrix(ADDRESS)
    image = Image.new("1", (len(modules) + 8,) * 2, 1)
    pen = ImageDraw.Draw(image)
    drawn = qr.svg(modules)
    for x, y, length in re.findall(r"M(\d+) (\d+)\.5h(\d+)", drawn):
        pen.line((int(x), int(y), int(x) + int(length) - 1, int(y)), fill=0)
    assert image.tobytes() == picture(modules, 1).convert("1").tobytes()
    assert f'viewBox="0 0 {image.width} {image.height}"' in drawn


def test_an_svg_says_what_it_is_to_a_screen_reader_and_asks_nobody_for_anything():
    drawn = qr.svg(qr.matrix(ADDRESS), 'Your "code" <now>')
    assert 'role="img"' in drawn
    assert "&quot;code&quot; &lt;now&gt;" in drawn
    assert drawn.count("http") == 1  # the name of the SVG language, which nothing fetches
    assert 'aria-hidden="true"' in qr.svg(qr.matrix(ADDRESS))


@pytest.mark.parametrize("seed", range(6))
def test_a_token_reads_from_a_poor_photo(seed: int):
    assert qr.read(photographed(picture(qr.matrix(token(seed), qr.TOKEN_MASK)), seed)) == [token(seed)]


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_picture_may_lie_on_its_side(turned: int):
    assert qr.read(saved(picture(qr.matrix(ADDRESS)).rotate(turned))) == [ADDRESS]


def test_a_small_code_in_a_large_picture_reads():
    scene = Image.new("L", (4000, 3000), 230)
    scene.paste(picture(qr.matrix(token(), qr.TOKEN_MASK), 5), (3200, 2100))
    assert qr.read(saved(scene, "JPEG")) == [token()]


def test_a_screenshot_with_a_see_through_background_reads():
    dark = picture(qr.matrix(ADDRESS))
    see_through = Image.new("RGBA", dark.size, (0, 0, 0, 0))
    see_through.putalpha(Image.eval(dark, lambda light: 255 - light))
    assert qr.read(saved(see_through)) == [ADDRESS]


def test_several_codes_in_one_picture_all_read_and_none_twice():
    one, other = picture(qr.matrix(ADDRESS)), picture(qr.matrix(ADDRESS[:-1] + "0"))
    scene = Image.new("L", (1000, 400), 255)
    for place, code in enumerate((one, other, one)):
        scene.paste(code, (330 * place, 20))
    assert sorted(qr.read(saved(scene))) == sorted([ADDRESS, ADDRESS[:-1] + "0"])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_the_usual_kinds_of_picture_are_taken(kind: str):
    assert qr.read(saved(picture(qr.matrix(ADDRESS)), kind)) == [ADDRESS]


def test_a_picture_without_a_code_says_so():
    with pytest.raises(NoCodeFound):
        qr.read(saved(Image.new("L", (300, 300), 200)))


@pytest.mark.parametrize("junk", [b"", b"SAYSO1:", b"%PDF-1.7\n", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_what_is_no_picture_says_so(junk: bytes):
    with pytest.raises(NotAnImage):
        qr.read(junk)


@given(st.integers(0, 1500), st.binary(max_size=40))
@settings(max_examples=60, deadline=None)
def test_a_damaged_picture_is_read_or_refused_but_never_breaks(cut: int, junk: bytes):
    whole = qr.png(qr.matrix(ADDRESS))
    seen = [ADDRESS]
    with suppress(PictureProblem):
        seen = qr.read(whole[:cut] + junk + whole[cut + len(junk) :])
    assert seen == [ADDRESS]


def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_opened():
    bomb = saved(Image.new("1", (8_000, 8_000), 1))
    assert len(bomb) < 50_000
    with pytest.raises(ImageTooLarge):
        qr.read(bomb)

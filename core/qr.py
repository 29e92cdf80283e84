"""QR codes: made for a screen, a page or a printed card, and read back from a picture.

Always error correction M and a quiet zone of 4 modules. Which of the eight masks a code wears is
fixed by what it says, never by chance: the same text gives the same code.
Source: ISO/IEC 18004, by way of the ``qrcode`` package; reading by ``zxing-cpp``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING

import qrcode
from PIL import Image, ImageOps, UnidentifiedImageError
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import MODE_8BIT_BYTE, MODE_ALPHA_NUM, QRData

from core.errors import ImageTooLarge, NoCodeFound, NotAnImage

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

#: Rows of modules from the top, without the quiet zone; true is black.
Matrix = Sequence[Sequence[bool]]

QUIET = 4
#: Of the eight masks the one that scored best over tokens, whose text is as good as random.
TOKEN_MASK = 2
#: The largest picture that is opened, in pixels: a phone's photo, which is read at reduced size, or a screenshot.
MAX_PIXELS = {"JPEG": 50_000_000}
MAX_OTHER_PIXELS = 20_000_000

_ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]+")
_DARK = re.compile(b"\x01+")
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
_READING_SIDE = 3000


def matrix(text: str, mask: int | None = None) -> Matrix:
    """Return the modules of ``text``. Without a ``mask`` (0..7) the best of the eight is looked for.

    Looking costs about five times as much as making, so batches look once: see ``best_mask``.
    """
    modules: Matrix = _made(text, mask).modules
    return modules


def best_mask(text: str) -> int:
    """Return the mask (0..7) under which ``text`` scores best by the standard's own penalties."""
    return int(_made(text, None).best_mask_pattern())


def version(modules: Matrix) -> int:
    """Return the version of a code by its size: 1 (21 modules) to 40."""
    return (len(modules) - 17) // 4


def runs(modules: Matrix) -> list[tuple[int, int, int]]:
    """Return each unbroken row of black as (row, first column, column after the last), from the top left."""
    return [
        (row, first, end)
        for row, line in enumerate(modules)
        for first, end in map(re.Match.span, _DARK.finditer(bytes(line)))
    ]


def draw(canvas: Canvas, modules: Matrix, x: float, y: float, side: float) -> None:
    """Draw the code in pure black with its lower left corner at (x, y), ``side`` points wide, quiet zone left out.

    All modules are one path, so that no hairline shows between two that touch. The path is written as PDF
    operators: in a batch of cards this is the part that repeats most.
    """
    module = side / len(modules)
    boxes = "\n".join(f"{first} {row} {end - first} 1 re" for row, first, end in runs(modules))
    canvas.addLiteral(f"q {module:.5f} 0 0 {-module:.5f} {x:.4f} {y + side:.4f} cm 0 g\n{boxes}\nf Q")


def png(modules: Matrix, scale: int = 8) -> bytes:
    """Return a black and white PNG with the quiet zone, each module ``scale`` by ``scale`` pixels."""
    side = len(modules)
    image = Image.new("1", (side, side), 1)
    image.putdata([not dark for line in modules for dark in line])
    image = ImageOps.expand(image, QUIET, fill=1)
    image = image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def svg(modules: Matrix, label: str = "") -> str:
    """Return the code with its quiet zone as one line of SVG that scales; ``label`` is what a screen reader says."""
    side = len(modules) + 2 * QUIET
    path = "".join(f"M{first + QUIET} {row + QUIET}.5h{end - first}" for row, first, end in runs(modules))
    said = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" {said}>'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path stroke="#000" d="{path}"/></svg>'
    )


def read(picture: bytes) -> list[str]:
    """Return what every QR code in a picture says, in reading order, none twice.

    Takes PNG, JPEG, WebP, GIF, BMP and TIFF. Raises ``NotAnImage``, ``ImageTooLarge`` or ``NoCodeFound``.
    """
    image = _opened(picture)
    for prepare in (_as_it_is, _with_contrast, _twice_as_large):
        if found := seen_in(prepare(image)):
            return found
    raise NoCodeFound


def seen_in(image: Image.Image) -> list[str]:
    """Return what the QR codes in an opened picture say: the empty list where there is none."""
    import zxingcpp

    found = zxingcpp.read_barcodes(
        image,
        formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
        text_mode=zxingcpp.TextMode.Plain,
    )
    return list(dict.fromkeys(code.text for code in found if code.valid))


def _opened(picture: bytes) -> Image.Image:
    try:
        image = Image.open(BytesIO(picture), formats=_FORMATS)
        if image.width * image.height > MAX_PIXELS.get(image.format or "", MAX_OTHER_PIXELS):
            raise ImageTooLarge
        image.draft("L", (_READING_SIDE, _READING_SIDE))
        image.load()
    except Image.DecompressionBombError:
        raise ImageTooLarge from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise NotAnImage from None
    grey = _on_white(image).convert("L")
    grey.thumbnail((_READING_SIDE, _READING_SIDE))
    return grey


def _as_it_is(image: Image.Image) -> Image.Image:
    return image


def _with_contrast(image: Image.Image) -> Image.Image:
    return ImageOps.autocontrast(image, cutoff=2)


def _twice_as_large(image: Image.Image) -> Image.Image:
    # A code photographed from far away has too few pixels a module; a large photo gains nothing.
    enlarged = image.resize((image.width * 2, image.height * 2))
    enlarged.thumbnail((_READING_SIDE, _READING_SIDE))
    return enlarged


def _on_white(image: Image.Image) -> Image.Image:
    # A screenshot with a see-through background would otherwise turn black on black.
    if not image.has_transparency_data:
        return image
    seen = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)


def _made(text: str, mask: int | None) -> qrcode.QRCode[qrcode.image.pil.PilImage]:
    mode = MODE_ALPHA_NUM if _ALPHANUMERIC.fullmatch(text) else MODE_8BIT_BYTE
    content = text.encode()
    code = qrcode.QRCode(_version(mode, len(content)), ERROR_CORRECT_M, border=QUIET, mask_pattern=mask)
    code.add_data(QRData(content, mode=mode, check_data=False))
    code.make(fit=False)
    return code


@cache
def _version(mode: int, length: int) -> int:
    # The library would look for the fitting version twice for each code; texts of one length all take the same.
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M)
    code.add_data(QRData(b"0" * length, mode=mode, check_data=False))
    return int(code.best_fit())

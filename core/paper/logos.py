"""The practice's logo: taken from a file, made anew as a small PNG, and drawn.

Nothing of the file itself is kept: no place where a photo was taken, no second picture, no program.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import NotALogo

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

#: The largest file that is opened, in bytes, and picture, in pixels.
MOST_BYTES, MOST_PIXELS = 2_000_000, 20_000_000
#: The smallest and the largest side that is kept, in pixels: 4 cm at 300 dpi.
SMALLEST, LARGEST = 40, 480
#: A logo longer than this by its height (or the other way) would print as a line.
LONGEST = 8


def prepared(file: bytes) -> bytes:
    """Return a PNG or JPEG as the PNG that is kept: on white, upright, at most ``LARGEST`` wide and high.

    Raises ``NotALogo``.
    """
    if len(file) > MOST_BYTES:
        raise NotALogo
    try:
        image = Image.open(BytesIO(file), formats=("PNG", "JPEG"))
        if image.width * image.height > MOST_PIXELS:
            raise NotALogo
        seen = ImageOps.exif_transpose(image).convert("RGBA")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError, EOFError):
        raise NotALogo from None
    short, long = sorted(seen.size)
    if short < SMALLEST or long > LONGEST * short:
        raise NotALogo
    flat = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("RGB")
    flat.thumbnail((LARGEST, LARGEST))
    out = BytesIO()
    flat.save(out, "PNG", optimize=True)
    return out.getvalue()


@lru_cache(maxsize=8)
def shape(png: bytes) -> float:
    """Return how many times as wide as high a kept logo is."""
    width, height = Image.open(BytesIO(png)).size
    return float(width / height)


def draw(canvas: Canvas, png: bytes, x: float, y: float, width: float, height: float) -> None:
    """Draw a kept logo with its lower left corner at (x, y), in points. A PDF holds it once."""
    from reportlab.lib.utils import ImageReader

    canvas.drawImage(ImageReader(BytesIO(png)), x, y, width, height)

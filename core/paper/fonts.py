"""The typeface of everything printed: Atkinson Hyperlegible Next, drawn so that 0 and O, 1 and l look different.

Both weights are embedded in every PDF. They lie beside this file under the SIL Open Font License (``OFL.txt``)
and cover Latin script (English, Spanish and most of Europe). No other script is here: one face for all of them
weighs many times as much as the rest of the project. What cannot be printed is said on the page (``core/receipt.py``).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import Lock
from unicodedata import category, normalize

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "AtkinsonHyperlegibleNext-Regular"
BOLD = "AtkinsonHyperlegibleNext-Bold"
#: Of the type size: how far letters rise above the line and fall below it.
ASCENT, DESCENT = 0.74, 0.21

_REGISTERING = Lock()
_HERE = Path(__file__).parent
_SYMBOLS = ("So", "Sk", "Cf", "Mn", "Me", "Cc", "Cs", "Co")


def register() -> None:
    """Make both weights known to reportlab, once in a process, whichever thread comes first."""
    with _REGISTERING:
        _register()


@cache
def _register() -> None:
    # Streams are binary: nobody mails a PDF over a 7-bit line any more, and the detour costs a third of the time.
    rl_config.useA85 = 0
    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, _HERE / f"{name}.ttf"))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)


def width(text: str, font: str, size: float) -> float:
    """Return how wide ``text`` runs, in points."""
    register()
    return float(pdfmetrics.stringWidth(text, font, size))


def printable(text: str) -> str:
    """Return ``text`` as the typeface can show it.

    Fancy letters become plain ones and pictures (emoji) are left out; a letter of another script stays and
    prints as an empty box, so that nobody takes a part of a name for the whole.
    """
    return "".join(_shown(character) for character in normalize("NFC", text)).strip()


def prints_whole(text: str) -> bool:
    """Whether every letter and sign of ``text`` can be printed: none is left out, and none is an empty box."""
    composed = normalize("NFC", text)
    return all(shown and all(map(_has, shown)) for shown in map(_shown, composed))


def _shown(character: str) -> str:
    if character.isspace():
        return " "
    if _has(character):
        return character
    plain = normalize("NFKC", character)
    if plain != character and all(map(_has, plain)):
        return plain
    return "" if category(character) in _SYMBOLS else character


def _has(character: str) -> bool:
    register()
    return ord(character) in pdfmetrics.getFont(REGULAR).face.charToGlyph

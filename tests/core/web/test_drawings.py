"""The drawings: small, harmless files of the portal's own, and decoration only."""

from __future__ import annotations

import re
from pathlib import Path

import brotli
import pytest

from core.web.own_assets import FOLDER

ROOT = Path(__file__).resolve().parents[3]
DRAWINGS = sorted(FOLDER.glob("*.svg"))
#: What a drawing is made of. No script, no style, no text, nothing from elsewhere.
SHAPES = {"svg", "g", "path", "rect", "circle", "view", "use"}
#: Marks that may lead to something; here only to a shape of the same file.
LEADS = re.compile(r"href|src|^on|style", re.IGNORECASE)
GREEN, CLAY = "#3d8f84", "#c96f3a"
#: The grounds a drawing may lie on: the page, a sheet, a shade, each light and dark, and both of forced colours.
GROUNDS = ("#faf8f4", "#ffffff", "#f0ede5", "#141d1c", "#1a2524", "#1e2a29", "#000000")


def brightness(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((brightness(one), brightness(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_all_drawings_together_are_small_on_the_wire() -> None:
    assert len(DRAWINGS) > 10
    assert sum(len(brotli.compress(path.read_bytes())) for path in DRAWINGS) <= 6 * 1024


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.stem)
def test_a_drawing_is_shapes_and_leads_nowhere(path: Path) -> None:
    text = path.read_text("utf-8")
    assert set(re.findall(r"<\s*([^\s/>]+)", text.replace("</", ""))) <= SHAPES
    leads = {value for name, value in re.findall(r'([\w:-]+)="([^"]*)"', text) if LEADS.search(name)}
    assert all(value.startswith("#") for value in leads)


@pytest.mark.parametrize("ground", GROUNDS)
def test_the_colours_of_the_drawings_stand_out_on_every_ground(ground: str) -> None:
    assert min(contrast(colour, ground) for colour in (GREEN, CLAY)) >= 3


def test_the_drawings_have_these_colours_and_no_other() -> None:
    used = {colour for path in DRAWINGS for colour in re.findall(r"#[0-9a-f]{3,8}\b", path.read_text("utf-8"))}
    assert used - {"#c", "#fff", "#23635c"} == {GREEN, CLAY}


def test_every_drawing_that_a_page_names_is_there() -> None:
    named = {
        name
        for path in (*(ROOT / "pages").rglob("*.py"), *(ROOT / "core").rglob("*.html"))
        for name in re.findall(r"""(?:drawing\("|asset\(')([\w-]+?)(?:\.svg'|")""", path.read_text("utf-8"))
    }
    assert len(named) > 6
    assert named <= {path.stem for path in DRAWINGS}

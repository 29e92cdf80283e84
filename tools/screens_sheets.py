"""Puts pictures of screens together: a sheet for each part of the portal and setting, and a page that leads to them.

Screens of one part share most of their words, and what stands beside its like takes next to no room in a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple, cast

from PIL import Image, ImageDraw, ImageFont

from core.text import LANGUAGES
from tests.browser.walk_inspect import EVERY, SIZES


class Part(NamedTuple):
    """A part of the portal. ``first``: the screen a walk meets first in it; all up to the next part's belong to it."""

    name: str
    first: str
    title: str


PARTS: Final = (
    Part("card", "first-start", "A card's own page"),
    Part("tap", "no", "One tap, and what shows where nothing works"),
    Part("choose", "explain", "How it works, and choosing"),
    Part("limits", "limits", "Limits and questions"),
    Part("check", "check", "The check, what was saved, a client's own page"),
    Part("otherwise", "questions-two-misses", "Choosing, otherwise: before the app, offline, another card"),
    Part("own", "mine-enter", "A client's own pages, in other states"),
    Part("answer", "mine-asked", "A question to a client"),
    Part("door", "unlock-nobody", "Setting up, the door, and pages with nothing in them yet"),
    Part("post", "may-i-post-drafts", "May I post this?"),
    Part("ask", "ask", "Asking, and posts"),
    Part("people", "people", "People"),
    Part("inbox", "inbox-full", "The inbox"),
    Part("settings", "settings", "Settings"),
    Part("practice", "practice-alone", "The practice"),
    Part("cards", "cards", "Cards"),
    Part("paper", "paper", "Paper, and handing the screen over"),
)
#: A calm look has few colours: the most frequent ones are kept as they are.
COLOURS: Final = 64
#: Screens in a row: as many as one would look at together, and more where the rows would be too high for the format.
ROW: Final = {"phone": 10, "desk": 5}
HIGHEST: Final = 16_383
GAP: Final = 24
#: Those in the README: what is seen of them on a phone, in English, before anyone scrolls.
AT_FIRST: Final = frozenset({"welcome", "choose", "may-i-post-ask", "answer"})
_NAMES: Final = "names.txt"


def put_together(pictures: Path, out: Path, language: str, taken: Sequence[str]) -> None:
    """Make the sheets of one walk, and the page about all of them. ``taken``: the names, in the order of the walk."""
    parts = _parts(taken)
    for part, names in parts.items():
        (out / part).mkdir(parents=True, exist_ok=True)
        (out / part / _NAMES).write_text("".join(f"{name}\n" for name in names), "utf-8")
        for size, light in EVERY:
            files = [pictures / f"{size}-{light}" / f"{name}.png" for name in names]
            whole = few_colours(sheet(files, ROW[size], dark=light == "dark")).convert("RGB")
            whole.save(out / part / f"{language}-{size}-{light}.webp", lossless=True, method=4, quality=75)
            print(f"  {part}/{language}-{size}-{light}", flush=True)
    if language == "en":
        for name in AT_FIRST.intersection(taken):
            _at_first(pictures / "phone-light" / f"{name}.png", out / "readme" / f"{name}.png")
    (out / "README.md").write_text(_page(out), "utf-8")


def sheet(files: Sequence[Path], row: int, *, dark: bool = False) -> Image.Image:
    """Return one picture of all, in rows of at least ``row``, each with its name above it."""
    pictures = [Image.open(file).convert("RGB") for file in files]
    rows = _rows(pictures, row)
    whole = Image.new("RGB", (max(map(_width, rows)), sum(map(_height, rows)) + GAP), "#3c4043" if dark else "#c9cdd1")
    draw, font = ImageDraw.Draw(whole), ImageFont.load_default(16)
    names, top = iter(file.stem for file in files), GAP
    for each in rows:
        left = GAP
        for picture in each:
            draw.text((left, top - 4), next(names), fill="#ffffff" if dark else "#000000", font=font)
            whole.paste(picture, (left, top + GAP))
            left += picture.width + GAP
        top += _height(each)
    return whole


def _rows(pictures: Sequence[Image.Image], row: int) -> list[Sequence[Image.Image]]:
    rows = [pictures[start : start + row] for start in range(0, len(pictures), row)]
    return rows if sum(map(_height, rows)) + GAP <= HIGHEST else _rows(pictures, row + 1)


def _width(row: Sequence[Image.Image]) -> int:
    return sum(one.width + GAP for one in row) + GAP


def _height(row: Sequence[Image.Image]) -> int:
    return max(one.height for one in row) + 2 * GAP


def few_colours(whole: Image.Image) -> Image.Image:
    """Return it in its most frequent colours, as their numbers."""
    found = cast("list[tuple[int, tuple[int, int, int]]]", whole.getcolors(whole.width * whole.height))
    often = sorted(found, reverse=True)[:COLOURS]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _, colour in often for part in colour])
    return whole.quantize(palette=palette, dither=Image.Dither.NONE)


def _parts(taken: Sequence[str]) -> dict[str, list[str]]:
    begins, parts, part = {part.first: part.name for part in PARTS}, dict[str, list[str]](), ""
    for name in taken:
        part = begins.get(name, part)
        parts.setdefault(part, []).append(name)
    return parts


def _at_first(picture: Path, kept: Path) -> None:
    kept.parent.mkdir(exist_ok=True)
    first = Image.open(picture).convert("RGB").crop((0, 0, SIZES["phone"]["width"], SIZES["phone"]["height"]))
    few_colours(first).save(kept, optimize=True)


def _page(out: Path) -> str:
    lines = [
        "# Every screen",
        "",
        "Each screen in each state that differs, as `make screens` took it, with its name above it. The same walk",
        "meets axe in `tests/browser/test_access_client.py` and `test_access_staff.py`. What is on them is made up.",
    ]
    settings = [(language, size, light) for language in LANGUAGES for size, light in EVERY]
    for part in PARTS:
        names = out / part.name / _NAMES
        if names.exists():
            there = [one for one in settings if (out / part.name / f"{'-'.join(one)}.webp").exists()]
            links = [f"[{' '.join(one)}]({part.name}/{'-'.join(one)}.webp)" for one in there]
            said = [f"`{name}`" for name in names.read_text("utf-8").split()]
            lines += ["", f"## {part.title}", "", " · ".join(links), "", f"{len(said)} screens: {', '.join(said)}"]
    return "\n".join(lines) + "\n"

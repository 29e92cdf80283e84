"""Every code of every kind of sheet, after a bad photocopier, is read by two readers that share no code.

A page rendered at 300 dpi is made larger or smaller, skewed, turned, blurred and speckled, and then copied in
black and white by a machine set too dark or too light.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import pytest
from _pytest.mark import ParameterSet
from PIL import Image, ImageFilter

from core import card, qr, sheet
from core.paper import render
from core.sheet import PRESETS, CardFace, Preset

BASE = "https://sayso.example.org"
LONG = "https://consent.riverside-therapy.org"
DOT = 300 / 25.4


@dataclass(frozen=True)
class Copier:
    """How bad a copy is.

    ``blur``: radius in dots. ``noise``: of 255. ``light``: what is lighter comes out white. ``turn``: degrees.
    ``skew``: sideways, of the height.
    """

    scale: float
    turn: float
    skew: float
    blur: float
    noise: float
    light: float

    def copied(self, page: Image.Image, seed: int) -> Image.Image:
        """Return the copy, not turned yet: a card's place is easier to find before."""
        size = tuple(round(side * self.scale) for side in page.size)
        grey = page.resize(size, Image.Resampling.BILINEAR).filter(ImageFilter.GaussianBlur(self.blur))
        dots = np.asarray(grey, dtype=float) + np.random.default_rng(seed).normal(0, self.noise, size[::-1])
        return Image.fromarray(((dots > self.light) * 255).astype("uint8"))

    def put_askew(self, part: Image.Image) -> Image.Image:
        """Return a part of the copy as it lies on the table."""
        leaning = part.transform(part.size, Image.Transform.AFFINE, (1, self.skew, 0, 0, 1, 0), fillcolor=255)
        return leaning.rotate(self.turn, Image.Resampling.BILINEAR, expand=True, fillcolor=255)


COPIERS = {
    "small and dark": Copier(scale=0.94, turn=1.8, skew=0.015, blur=1.8, noise=25, light=165),
    "large and light": Copier(scale=1.06, turn=-2.0, skew=-0.015, blur=1.8, noise=25, light=95),
    "blurred and speckled": Copier(scale=1.0, turn=0.7, skew=0.01, blur=2.2, noise=40, light=128),
}


def faces(preset: Preset, base: str) -> list[CardFace]:
    draw = random.Random(len(base) + preset.per_sheet).randrange
    words = ("maple", "orbit", "canvas", "thrive")
    return [
        CardFace(card.draw(draw), number, base, words, "en", "Dana Reyes, LMFT", "Harbor Street Practice")
        for number in range(1, preset.per_sheet + 1)
    ]


def second_reader(picture: Image.Image) -> str:
    """What OpenCV's reader finds in a picture; the portal's own is zxing.

    It looks at one size and one sharpness only, so it is shown a few, as a camera shows them while it moves. What
    it reads must be right; zxing tries sizes by itself.
    """
    smooth = picture.filter(ImageFilter.GaussianBlur(2))
    for seen in (picture, smooth, *(picture.reduce(part) for part in (2, 3, 4))):
        if found := cv2.QRCodeDetectorAruco().detectAndDecode(np.asarray(seen))[0]:
            return str(found)
    return ""


def copies() -> Iterator[ParameterSet]:
    """Every sheet on every copier. Each sheet and each copier gets the short and the long address in turn."""
    for row, (sheet_name, preset) in enumerate(PRESETS.items()):
        for column, (copier_name, copier) in enumerate(COPIERS.items()):
            yield pytest.param(preset, copier, (BASE, LONG)[(row + column) % 2], id=f"{sheet_name}-{copier_name}")


@pytest.mark.parametrize(("preset", "copier", "base"), list(copies()))
def test_both_readers_read_every_code_of_a_bad_copy(preset: Preset, copier: Copier, base: str):
    cards = faces(preset, base)
    (page,) = render.pages(sheet.draw_sheet(cards, preset), 300)
    copy = copier.copied(page, seed=len(base))
    for face, (left, top) in zip(cards, preset.places(), strict=True):
        edges = (left, top, left + preset.card[0], top + preset.card[1])
        seen = copier.put_askew(copy.crop(tuple(round(edge * DOT * copier.scale) for edge in edges)))
        address = card.address(base, face.code)
        assert qr.seen_in(seen) == [address], face.number
        assert second_reader(seen) == address, face.number


def test_the_copiers_are_bad_enough_to_matter():
    preset = PRESETS["a4-10up"]
    (page,) = render.pages(sheet.draw_sheet(faces(preset, BASE), preset), 300)
    for copier in COPIERS.values():
        copy = copier.copied(page, seed=1)
        assert copy.getextrema() == (0, 255)
        back = copy.resize(page.size)
        changed = np.count_nonzero(np.abs(np.asarray(back, int) - np.asarray(page, int)) > 127)
        # Of the ink on the page, so much went wrong by the copy.
        inked = sum(page.histogram()[:128])
        assert changed > 0.05 * inked


def test_a_code_with_a_logo_over_its_margin_would_be_noticed():
    """The second reader does judge: with the quiet zone inked over, it finds nothing or something else."""
    preset = PRESETS["card"]
    (face,) = cards = faces(preset, BASE)
    (page,) = render.pages(sheet.draw_sheet(cards, preset), 300)
    page.paste(0, (0, 0, page.width // 5, page.height))
    assert second_reader(page) != card.address(BASE, face.code)

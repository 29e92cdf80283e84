"""The slip for a client: one small page with the invitation, and nothing else to find."""

from __future__ import annotations

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from PIL import Image

from core.paper import slip
from core.requests import invitation
from core.text import Words

INVITATION = invitation(Words())


@pytest.fixture(scope="module")
def page():
    document = pypdfium2.PdfDocument(slip.pdf(INVITATION))
    assert len(document) == 1
    return document[0]


def test_it_says_the_invitation_and_nothing_else(page):
    assert " ".join(page.get_textpage().get_text_range().split()) == f"Sayso {INVITATION}"


def test_it_is_small_and_nothing_is_cut_off(page):
    width, height = page.get_size()
    assert (round(width), round(height)) == (420, 298)
    image = page.render(scale=1, grayscale=True).to_pil()
    left, top, right, bottom = Image.eval(image, lambda light: 255 - light).getbbox()
    assert min(left, top) >= 36
    assert right <= image.width - 36
    assert bottom <= image.height - 36


def test_no_type_is_smaller_than_14_points(page):
    text = page.get_textpage()
    sizes = [
        pdfium.FPDFText_GetFontSize(text.raw, n) for n in range(text.count_chars()) if text.get_text_range(n, 1).strip()
    ]
    assert len(sizes) > 80
    assert min(sizes) >= 14


def test_the_file_says_of_itself_no_more_than_its_page():
    told = pypdfium2.PdfDocument(slip.pdf(INVITATION)).get_metadata_dict()
    assert {told["Title"], told["Author"]} == {"Sayso"}
    assert told["Subject"] in {"", "(unspecified)"}
    assert told["Keywords"] == ""

"""PDF pages as pictures. PDFium keeps state of its own for the whole process: one thread at a time may be in it."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Lock
from typing import IO

import pypdfium2
from PIL import Image

_ONE_AT_A_TIME = Lock()


def pages(pdf: bytes | IO[bytes], dots_per_inch: float) -> Iterator[Image.Image]:
    """Yield each page as a grey picture. One page is in memory at a time, of a file no more than is needed for it."""
    with _ONE_AT_A_TIME:
        document = pypdfium2.PdfDocument(pdf)
        count = len(document)
    try:
        for number in range(count):
            yield _page(document, number, dots_per_inch / 72)
    finally:
        with _ONE_AT_A_TIME:
            document.close()


def _page(document: pypdfium2.PdfDocument, number: int, scale: float) -> Image.Image:
    # Everything that came out of PDFium is given back before another thread may enter.
    with _ONE_AT_A_TIME:
        page = document[number]
        bitmap = page.render(scale=scale, grayscale=True)
        image: Image.Image = bitmap.to_pil().copy()
        bitmap.close()
        page.close()
    return image

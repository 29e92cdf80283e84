"""Each asset compressed once: kept in memory, and on disk for the next start."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock

import brotli

_LOGGER = logging.getLogger("sayso")

#: In the order of preference. Quality 10 of 11: within 3 % of the best at a third of its time.
ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda data: brotli.compress(data, quality=10),
    "gzip": lambda data: gzip.compress(data, compresslevel=9, mtime=0),
}


def preferred(accept_encoding: str) -> str | None:
    """Return the best encoding that a request's ``Accept-Encoding`` takes, or None for none."""
    taken = dict(_weight(part) for part in accept_encoding.lower().split(",") if part.strip())
    return next((encoding for encoding in ENCODERS if taken.get(encoding, 0) > 0), None)


def _weight(part: str) -> tuple[str, float]:
    name, _, parameter = part.partition(";")
    key, _, value = parameter.strip().partition("=")
    try:
        return name.strip(), float(value) if key.strip() == "q" else 1.0
    except ValueError:
        return name.strip(), 0.0


class Compressed:
    """Compressed bodies. ``folder``: where they are kept between starts; None keeps none."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._kept: dict[tuple[Path, str], bytes] = {}
        self._lock = Lock()

    def body(self, path: Path, encoding: str) -> bytes:
        """Return the content of ``path`` in ``encoding``."""
        kept = self._kept.get((path, encoding))
        if kept is None:
            with self._lock:
                kept = self._kept.get((path, encoding)) or self._made(path, encoding)
                self._kept[path, encoding] = kept
        return kept

    def warm(self, paths: Sequence[Path]) -> None:
        """Compress these ahead, so that nobody waits for it."""
        for path in paths:
            self.body(path, "br")

    def _made(self, path: Path, encoding: str) -> bytes:
        content = path.read_bytes()
        if self._folder is None:
            return ENCODERS[encoding](content)
        stored = self._folder / f"{sha256(content).hexdigest()[:32]}.{encoding}"
        if stored.exists():
            return stored.read_bytes()
        compressed = ENCODERS[encoding](content)
        try:
            _store(stored, compressed)
        except OSError:
            # A full disk costs the next start some time; it must not cost this visitor a script.
            _LOGGER.exception("a compressed asset could not be kept")
        return compressed


def _store(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Whole or not at all: a start that is cut off must not leave half a script.
    with NamedTemporaryFile(dir=path.parent, delete=False) as file:
        part = Path(file.name)
        try:
            file.write(content)
            file.close()
            part.replace(path)
        except OSError:
            part.unlink(missing_ok=True)
            raise

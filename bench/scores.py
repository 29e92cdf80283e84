"""What Lighthouse says of a page: its scores and first paints, on its mobile profile, throttled for real.

``bench/lighthouse`` holds the lock; ``make bench-phone`` installs it there, and needs Node.js 18.20 or newer for it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

_FOLDER = Path(__file__).with_name("lighthouse")
#: Seconds that one page may take.
_PATIENCE = 150


class NoLighthouse(Exception):
    """Lighthouse is not here; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Cookie:
    """What makes a page open for a browser."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """One page to look at."""

    name: str
    url: str
    cookie: Cookie | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """What was said: scores from 0 to 100, milliseconds, bytes, and the ids of what failed."""

    name: str
    performance: int
    accessibility: int
    bestPractices: int  # noqa: N815 Lighthouse's own word
    firstPaint: float  # noqa: N815 the same
    largestPaint: float  # noqa: N815 the same
    blocked: float
    bytes: float
    failed: list[str]

    def row(self) -> str:
        """Return one line of the table."""
        figures = (self.performance, self.accessibility, self.bestPractices)
        paints = f"{self.firstPaint / 1000:.1f} / {self.largestPaint / 1000:.1f} s"
        more = f"{paints} | {self.blocked:.0f} ms | {self.bytes / 1024:,.0f} KiB"
        return f"| {self.name} | {' | '.join(map(str, figures))} | {more} |"


HEAD = (
    "| Lighthouse, mobile | performance | accessibility | best practices | first / largest paint | blocked | sent |",
    "|---|---|---|---|---|---|---|",
)


def measured(pages: Sequence[Wanted]) -> list[Scores]:
    """Return what Lighthouse says of each page. Raises ``NoLighthouse``."""
    node = shutil.which("node")
    if node is None or not (_FOLDER / "node_modules" / "lighthouse").is_dir():
        raise NoLighthouse("Lighthouse needs Node.js 18.20 or newer, npm, and once a way to npm's registry.")
    asked = json.dumps([asdict(page) for page in pages])
    environment = os.environ | {"CHROME_PATH": "/usr/bin/chromium"}
    command = [node, "measure.mjs"]
    try:
        done = subprocess.run(
            command,
            cwd=_FOLDER,
            env=environment,
            input=asked,
            capture_output=True,
            text=True,
            timeout=_PATIENCE * len(pages),
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise NoLighthouse("Lighthouse took too long on this machine.") from None
    except subprocess.CalledProcessError as broken:
        raise NoLighthouse(f"Lighthouse broke off: {broken.stderr.strip()[-300:]}") from None
    return [Scores(**json.loads(line)) for line in done.stdout.splitlines()]

"""Streamlit with a portal whose clock goes ahead by as many seconds as the file ``ahead`` in its data folder says.

The portal has one clock, and everything that asks it takes it from there; so it is put in place before anything does.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from streamlit.web import cli

from core import portal

AHEAD = Path(os.environ["SAYSO_DATA"]) / "ahead"


def clock() -> datetime:
    """The time, and what it is ahead."""
    ahead = float(AHEAD.read_text("utf-8")) if AHEAD.exists() else 0
    return datetime.now(UTC) + timedelta(seconds=ahead)


portal.clock = clock

if __name__ == "__main__":
    cli.main()

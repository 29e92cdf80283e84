"""What starting does to memory: the program is set aside once, and everything later is still looked after."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
LOOK = """
import gc, json, sys
from core.web.starting import started
started()
set_aside = gc.get_freeze_count()
class Choice:
    pass
one = Choice()
one.itself, kept = one, []
import weakref
gone = weakref.ref(one)
del one
gc.collect()
print(json.dumps([set_aside, len(gc.get_objects()), gone() is None, "core.receipt" in sys.modules]))
"""


def test_the_program_is_not_searched_after_each_tap_and_what_people_leave_still_is(tmp_path):
    environment = {**os.environ, "SAYSO_DATA": str(tmp_path), "SAYSO_FACE": "client"}
    done = subprocess.run(
        [sys.executable, "-c", LOOK], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    set_aside, searched, let_go, loaded = json.loads(done.stdout.splitlines()[-1])
    assert set_aside > 10 * searched
    assert let_go
    assert loaded

"""Lock the requirements again, with hashes, and see that a lock names no package index.

``make lock``; add ``--upgrade`` for newer versions. An address in a lock would send everybody's
installs to one machine's index, so it is a failure.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements", "requirements-dev")


def main(options: Sequence[str]) -> int:
    """Lock both files. Returns the exit status."""
    for name in LOCKS:
        constraint = () if name == LOCKS[0] else ("-c", f"{LOCKS[0]}.txt")
        command = [*_compile(), *options, *constraint, f"{name}.in", "-o", f"{name}.txt"]
        compiled = subprocess.run(command, cwd=ROOT, check=False)
        if compiled.returncode:
            return compiled.returncode
    named = [f"{name}.txt" for name in LOCKS if addresses((ROOT / f"{name}.txt").read_text("utf-8"))]
    for name in named:
        print(f"{name} names an address. Remove it from uv's settings, then lock again.", file=sys.stderr)
    return 1 if named else 0


def addresses(lock: str) -> list[str]:
    """Return each address or index option in a lock file's text. There should be none."""
    return re.findall(r"\w+://\S+|^-(?:i|f|-index-url|-extra-index-url|-find-links).*", lock, re.MULTILINE)


def _compile() -> tuple[str, ...]:
    options = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-annotate")
    return (sys.executable, "-m", "uv", "pip", "compile", "--quiet", *options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

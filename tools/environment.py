"""Make the project's own virtual environment and install the locked requirements into it.

``python3 tools/environment.py requirements.txt``. Only the standard library, because nothing is
installed yet. ``make`` calls this when a lock is newer than its stamp, so a second start is fast.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
OLDEST = (3, 11)


def main(requirements: str) -> int:
    """Install one lock file, each package checked against its hash. Returns the exit status."""
    if sys.version_info < OLDEST:
        return _sorry("Sayso needs Python 3.11 or newer. Install it, then run make PYTHON=python3.11 run.")
    if not _can_make_environments():
        return _sorry("Python's venv module is missing. On Debian: apt install python3-venv. Then try again.")
    if not (VENV / "bin" / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    print(f"Installing {requirements} (once; this takes a minute or two) …", flush=True)
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    installed = subprocess.run([*pip, "--require-hashes", "-r", requirements], cwd=ROOT, check=False)
    if installed.returncode:
        return _sorry("The packages could not be installed; what pip said is above. Mend that, then try again.")
    (VENV / f".{Path(requirements).stem}").touch()
    return 0


def _can_make_environments() -> bool:
    if importlib.util.find_spec("ensurepip"):
        return True
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    subprocess.run(["apt-get", "update", "-qq"], check=False)
    done = subprocess.run(["apt-get", "install", "-y", "-qq", "python3-venv"], check=False)
    return done.returncode == 0


def _sorry(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

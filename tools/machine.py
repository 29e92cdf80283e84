"""See that this machine has what the tests need, and install it where that is possible.

On Debian, as root, packages come through apt; elsewhere one sentence says what is missing.
Only the standard library.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Need:
    """One thing the tests use: what it is, the Debian package, and where it shows itself."""

    what: str
    package: str
    shows_at: str


NEEDS = (
    Need("Chromium", "chromium", "/usr/bin/chromium"),
    Need("Chromium without a window", "chromium-headless-shell", "/usr/bin/chromium-headless-shell"),
    Need("WebKit", "webkit2gtk-driver", "/usr/bin/WebKitWebDriver"),
    Need("a display for it", "xvfb", "/usr/bin/Xvfb"),
    Need("PostgreSQL", "postgresql", "/usr/lib/postgresql"),
    Need("nginx", "nginx", "/usr/sbin/nginx"),
    Need("a font", "fonts-dejavu-core", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
)
#: What Lighthouse runs in, for ``make bench-phone``.
NODE = (Need("Node.js", "nodejs", "/usr/bin/node"), Need("npm", "npm", "/usr/bin/npm"))


def main(arguments: Sequence[str]) -> int:
    """Install or name what is missing; ``--with-node``: Node.js too. Returns the exit status."""
    needs = (*NEEDS, *(NODE if "--with-node" in arguments else ()))
    missing = _missing(needs)
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        _install(tuple(need.package for need in missing))
        missing = _missing(needs)
    if not missing:
        return 0
    things = " and ".join(need.what for need in missing)
    packages = " ".join(need.package for need in missing)
    print(f"The tests need {things}. On Debian, as root: apt install {packages}.", file=sys.stderr)
    return 1


def _missing(needs: Sequence[Need]) -> tuple[Need, ...]:
    return tuple(need for need in needs if not Path(need.shows_at).exists())


def _install(packages: tuple[str, ...]) -> None:
    print("Installing " + ", ".join(packages) + " …", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    subprocess.run(command, env=quiet, check=False, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Start the portal: ``make run``, and what the systemd units in docs/deploy.md call.

Makes the data folder and the cookie secret, finds a free port, starts Streamlit, and prints one
line with the address as soon as the portal answers.
"""

from __future__ import annotations

import argparse
import errno
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from tempfile import mkstemp
from types import FrameType
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

from core.errors import StoreFull, StoreUnavailable
from core.settings import Settings
from core.store.outside import alone_in
from core.web import starting
from tools import demo

ROOT = Path(__file__).resolve().parent.parent
EVERYWHERE = frozenset({"0.0.0.0", "::"})
PORTS_TRIED = 50


class NoPort(Exception):
    """There is nowhere to listen; the message says what to try."""


def main(arguments: Sequence[str]) -> int:
    """Run the portal until it is stopped. Returns its exit status."""
    asked = _asked(arguments)
    os.chdir(ROOT)
    os.umask(0o077)
    settings = starting.checked()
    try:
        secret = signing_secret(settings.data)
    except OSError as problem:
        starting.refuse(StoreFull().sentence if problem.errno == errno.ENOSPC else starting.no_folder(settings.data))
    try:
        port = free_port(asked.host, asked.port, 1 if asked.only_this_port else PORTS_TRIED)
    except NoPort as problem:
        print(problem, file=sys.stderr)
        return 1
    more = _demo(settings, address(asked.host, port)) if asked.demo else ""
    # uvicorn would believe X-Forwarded-For from anything on this machine; SAYSO_TRUSTED_PROXIES alone says who.
    environment = os.environ | {"STREAMLIT_SERVER_COOKIE_SECRET": secret, "FORWARDED_ALLOW_IPS": ""}
    command = _command(asked.host, port, _names(asked, settings))
    # In a group of its own, so that Ctrl-C reaches it once: from here.
    server = subprocess.Popen(command, env=environment, process_group=0)
    return _watch(server, asked.host, port, [*filter(None, [more, in_the_open(asked.host, settings)])])


def _demo(settings: Settings, base: str) -> str:
    try:
        return demo.prepare(settings, base, datetime.now(UTC))
    except StoreUnavailable as problem:
        starting.refuse(problem.sentence if isinstance(problem, StoreFull) else starting.no_database(settings))


def signing_secret(data: Path) -> str:
    """Return what signs cookies: what is set, else what is kept in the data folder.

    Set to nothing is not set: the portal would draw one of its own at each start, and say so to nobody.
    """
    return os.environ.get("STREAMLIT_SERVER_COOKIE_SECRET", "").strip() or cookie_secret(data)


def cookie_secret(data: Path) -> str:
    """Return the secret that signs cookies, made at first start. Folder 0700, file 0600.

    Every face that starts at one moment gets the same. A file in which none stands is replaced.
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = data / "cookie-secret"
    if not _kept_secret(path):
        with alone_in(data):
            if not _kept_secret(path):
                _write_secret(path)
    return _kept_secret(path)


def _kept_secret(path: Path) -> str:
    try:
        return path.read_text("ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return ""


def _write_secret(path: Path) -> None:
    # Written beside and then named, so that nobody ever reads half of it, also after a crash.
    descriptor, name = mkstemp(prefix=f".{path.name}-", dir=path.parent)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)


def free_port(host: str, first: int, tried: int = PORTS_TRIED) -> int:
    """Return the first port from ``first`` on that can be bound on ``host``. Raises ``NoPort``."""
    for port in range(first, min(first + tried, 65536)):
        with socket.socket(_family(host), socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as refused:
                if refused.errno not in {errno.EADDRINUSE, errno.EACCES}:
                    raise NoPort(f"This machine has no address {host}. Try make run HOST=0.0.0.0.") from None
                continue
            return port
    raise NoPort(f"Port {first} is taken or not allowed on {host}. Try another, such as make run PORT=9000.")


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def shown_host(host: str) -> str:
    """Return the host to open: this machine's address in its own network where it serves all of them."""
    if host not in EVERYWHERE:
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Sends nothing: it only asks the machine which of its addresses it would use.
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def address(host: str, port: int) -> str:
    """Return the address to open in a browser."""
    name = shown_host(host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def is_loopback(host: str) -> bool:
    """Whether only this machine itself can reach ``host``."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make run", description="Start the portal.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", default=8501, type=int, help="first port to try (default: 8501)")
    parser.add_argument("--demo", action="store_true", help="make a made-up practice first")
    parser.add_argument("--only-this-port", action="store_true", help="stop where that port is taken")
    parser.add_argument("--name", action="append", default=[], help="another name it is opened by; may be repeated")
    return parser.parse_args(arguments)


def _command(host: str, port: int, names: Sequence[str]) -> list[str]:
    command = [sys.executable, "-m", "streamlit", "run", "portal.py"]
    command += ["--server.address", host, "--server.port", str(port)]
    return command + [part for name in names for part in ("--server.allowedHosts", name)]


def _names(asked: argparse.Namespace, settings: Settings) -> list[str]:
    # Under any other name it is a page elsewhere that had its own name point here.
    public = urlsplit(settings.public_url).hostname if settings.public_url else None
    names = ["localhost", "127.0.0.1", "::1", shown_host(asked.host), *asked.name, *([public] if public else [])]
    return list(dict.fromkeys(names))


def in_the_open(host: str, settings: Settings) -> str:
    """Return what to know where others reach this process itself: nothing is said where a proxy stands in front."""
    if is_loopback(host) or settings.trusted_proxies:
        return ""
    return "Anyone in this network can reach it, and nothing is encrypted: for trying it out only."


def _watch(server: subprocess.Popen[bytes], host: str, port: int, more: Sequence[str]) -> int:
    def stop(_number: int, _frame: FrameType | None) -> None:
        server.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if _answers(server, host, port):
        print(f"Sayso is ready: {address(host, port)}", *more, sep="\n", flush=True)
    status = server.wait()
    return 0 if status in {-signal.SIGINT, -signal.SIGTERM} else status


def _answers(server: subprocess.Popen[bytes], host: str, port: int) -> bool:
    """Wait until the portal answers, or has ended."""
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    health = address(local, port) + "/healthz"
    opener = build_opener(ProxyHandler({}))
    while server.poll() is None:
        try:
            opener.open(health, timeout=5).close()
        except HTTPError:
            return True
        except (URLError, OSError):
            time.sleep(0.1)
        else:
            return True
    return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

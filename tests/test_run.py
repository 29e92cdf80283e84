"""Starting the portal: what `make run` makes on disk, where it listens, and what it says."""

from __future__ import annotations

import multiprocessing
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from core import batches
from core.errors import NotASite
from core.settings import Settings
from tools.lock import addresses
from tools.run import NoPort, address, cookie_secret, free_port, is_loopback, signing_secret

ROOT = Path(__file__).resolve().parent.parent
FORK = multiprocessing.get_context("fork")


def test_the_cookie_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = cookie_secret(data)
    assert len(bytes.fromhex(first)) == 32
    assert cookie_secret(data) == first
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert stat.S_IMODE((data / "cookie-secret").stat().st_mode) == 0o600


def test_faces_that_start_at_one_moment_have_the_same_secret(tmp_path: Path) -> None:
    faces, rounds = 4, 40
    together, told = FORK.Barrier(faces), FORK.SimpleQueue()

    def start_each_time() -> None:
        for number in range(rounds):
            together.wait(60)
            told.put((number, cookie_secret(tmp_path / str(number))))

    running = [FORK.Process(target=start_each_time) for _ in range(faces)]
    for one in running:
        one.start()
    found = {told.get() for _ in range(faces * rounds)}
    for one in running:
        one.join()
    assert len(found) == len(dict(found)) == rounds
    assert all(len(bytes.fromhex(secret)) == 32 for _, secret in found)
    assert [path.name for path in (tmp_path / "0").iterdir()] == ["cookie-secret"]


@pytest.mark.parametrize("text", [b"", b"\n", b"\xff\xfe"])
def test_a_file_in_which_no_secret_stands_gets_one(tmp_path: Path, text: bytes) -> None:
    kept = tmp_path / "cookie-secret"
    kept.write_bytes(text)
    kept.chmod(0o644)
    assert len(bytes.fromhex(cookie_secret(tmp_path))) == 32
    assert cookie_secret(tmp_path) == kept.read_text().strip()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_secret_that_somebody_put_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "cookie-secret").write_text("their own\n")
    assert cookie_secret(tmp_path) == "their own"


@pytest.mark.parametrize(("given", "counts"), [(None, "kept"), ("", "kept"), (" ", "kept"), ("set", "set")])
def test_a_secret_that_is_set_to_nothing_is_not_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str | None, counts: str
) -> None:
    (tmp_path / "cookie-secret").write_text("kept")
    monkeypatch.delenv("STREAMLIT_SERVER_COOKIE_SECRET", raising=False)
    if given is not None:
        monkeypatch.setenv("STREAMLIT_SERVER_COOKIE_SECRET", given)
    assert signing_secret(tmp_path) == counts


def test_two_portals_have_different_secrets(tmp_path: Path) -> None:
    assert cookie_secret(tmp_path / "one") != cookie_secret(tmp_path / "two")


def test_a_taken_port_gives_way_to_the_next_free_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert free_port("127.0.0.1", port) > port


def test_a_port_that_must_be_that_one_is_refused_where_it_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(NoPort, match="is taken"):
        free_port("127.0.0.1", taken.getsockname()[1], tried=1)


def test_an_address_of_another_machine_is_refused_in_plain_words() -> None:
    with pytest.raises(NoPort, match=r"no address 203\.0\.113\.9"):
        free_port("203.0.113.9", 8501)


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "http://127.0.0.1:8501"), ("::1", "http://[::1]:8501"), ("clinic.lan", "http://clinic.lan:8501")],
)
def test_the_address_can_be_opened_as_it_is_printed(host: str, shown: str) -> None:
    assert address(host, 8501) == shown


def test_serving_a_whole_network_prints_an_address_a_phone_can_open() -> None:
    assert "0.0.0.0" not in address("0.0.0.0", 8501)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False)],
)
def test_only_this_machines_own_addresses_count_as_loopback(host: str, *, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_a_wrong_setting_is_named_before_anything_starts(tmp_path: Path) -> None:
    environment = {"SAYSO_FACE": "nobody", "SAYSO_DATA": str(tmp_path / "data")}
    run = subprocess.run(
        [sys.executable, "-m", "tools.run"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert run.stderr.startswith("SAYSO_FACE ")
    assert "Traceback" not in run.stderr
    assert not (tmp_path / "data").exists()


WRONG = {
    "no address of a database": ("SAYSO_DATABASE_URL", "postgres at secretpw"),
    "a database of another kind": ("SAYSO_DATABASE_URL", "mysql://user:secretpw@localhost/x"),
    "a database that is not there": ("SAYSO_DATABASE_URL", "postgresql+psycopg://user:secretpw@127.0.0.1:1/x"),
    "proxies that are no addresses": ("SAYSO_TRUSTED_PROXIES", "secretpw"),
    "half a list of proxies": ("SAYSO_TRUSTED_PROXIES", '["secretpw'),
    "a folder below a file": ("SAYSO_DATA", str(ROOT / "portal.py" / "data")),
    "a port that does not exist": ("SAYSO_PUBLIC_URL", "http://[::1]:99999"),
}
MAKE_RUN, STREAMLIT = ["tools.run"], ["streamlit", "run", "portal.py", "--server.port", "0"]


@pytest.mark.parametrize(
    ("start", "wrong"),
    [*((MAKE_RUN, wrong) for wrong in WRONG), (STREAMLIT, "a database that is not there"), (STREAMLIT, [*WRONG][-1])],
)
def test_what_keeps_the_portal_from_starting_is_one_sentence_without_its_value(
    tmp_path: Path, start: list[str], wrong: str
) -> None:
    variable, value = WRONG[wrong]
    environment = {"SAYSO_DATA": str(tmp_path / "data"), variable: value}
    command = [sys.executable, "-m", *start]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)
    said = [line for line in run.stderr.splitlines() if line.strip()]
    assert run.returncode == 2
    assert len(said) == 1
    assert said[0].startswith(f"{variable} ")
    assert "secretpw" not in run.stdout + run.stderr


def test_proxies_may_be_a_list_or_have_commas_between_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAYSO_TRUSTED_PROXIES", '["127.0.0.1", "10.0.0.0/8"]')
    assert Settings().trusted_proxies == ("127.0.0.1", "10.0.0.0/8")
    monkeypatch.setenv("SAYSO_TRUSTED_PROXIES", "127.0.0.1, ::1")
    assert Settings().trusted_proxies == ("127.0.0.1", "::1")


@pytest.mark.parametrize("address", ["http://[::1]:99999", "https://example.org:0", "https://example.org:65536"])
def test_no_address_on_cards_has_a_port_that_cannot_be(address: str) -> None:
    with pytest.raises(NotASite):
        batches.site(address)


def test_a_lock_that_names_an_index_is_noticed() -> None:
    assert addresses("pip==1 \\\n    --hash=sha256:00\n") == []
    assert addresses("--index-url https://example.org/simple\npip==1\n")
    assert addresses("pip @ https://example.org/pip.whl\n")

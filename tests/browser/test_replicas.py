"""Two client replicas behind nginx: phones walk the whole way while one replica is killed. Nothing is lost or doubled.

``PHONES`` says how many walk at once: 20 by default, which a busy machine of two cores takes; `make test-deep` has 100.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bench.phone import CutOff, Phone
from bench.way import WORDS, Arrived, Step, scan, walk
from tests.browser import replicas
from tests.browser.conftest import in_a_loop
from tests.browser.replicas import Clinic
from tests.core.store import postgres

PHONES = int(os.environ.get("PHONES", "20"))
#: A walk has this many screens after which it is asked to go on.
SCREENS = 4


@dataclass(frozen=True)
class Walked:
    """What came of all the walks, one of the replicas having been killed in their middle."""

    arrived: list[Arrived]
    killed: str
    stayed: str


@pytest.fixture(scope="module")
def clinic(serve, tmp_path_factory) -> Iterator[Clinic]:
    folder = tmp_path_factory.mktemp("nginx")
    with postgres.running() as server, replicas.running(serve, server, folder, PHONES + 1) as made:
        yield made


def phone(clinic: Clinic) -> Phone:
    return Phone(clinic.base, clinic.trust)


async def walk_all(clinic: Clinic) -> list[Arrived]:
    """All phones at once. When a quarter of all screens are behind them, the first replica is killed under a phone."""
    left, victim = PHONES * SCREENS // 4, clinic.replicas[0]

    def after_screen_of(one: Phone) -> Step:
        own = SCREENS

        async def after_screen() -> None:
            nonlocal left, own
            left, own = left - 1, own - 1
            on_the_way = own > 0 and one.headers.get("x-replica") == f"127.0.0.1:{victim.port}"
            if left <= 0 and on_the_way and victim.process.poll() is None:
                victim.process.send_signal(signal.SIGKILL)

        return after_screen

    phones = [phone(clinic) for _ in range(PHONES)]
    walks = [walk(one, code, after_screen_of(one)) for one, code in zip(phones, clinic.codes, strict=False)]
    return await asyncio.gather(*walks)


@pytest.fixture(scope="module")
def walked(clinic) -> Walked:
    arrived = in_a_loop(walk_all(clinic))
    clinic.replicas[0].process.wait(20)
    killed, stayed = (f"127.0.0.1:{one.port}" for one in clinic.replicas)
    return Walked(arrived, killed, stayed)


def test_everyone_arrives(walked):
    assert len(walked.arrived) == PHONES
    assert len({one.acknowledgement for one in walked.arrived}) == PHONES


def test_the_phones_were_spread_over_both_replicas_and_one_was_lost_in_the_middle(walked):
    first = Counter(one.over[0] for one in walked.arrived if one.over)
    assert first[walked.killed] > 0
    assert first[walked.stayed] > 0
    assert [one for one in walked.arrived if one.began > 1]


def test_only_those_of_the_lost_replica_start_again_and_they_can(walked):
    for one in walked.arrived:
        if one.began == 1:
            continue
        assert one.over[-1] == walked.stayed
        # They were on the lost one, or on their way to it.
        assert one.over[0] == walked.killed or len(one.over) < one.began
    assert all(one.began == 1 for one in walked.arrived if one.over[0] == walked.stayed and len(one.over) == one.began)


def test_no_token_is_lost_or_doubled(clinic, walked):
    there = Counter(token.acknowledgement for token in clinic.tokens())
    assert {one.acknowledgement for one in walked.arrived} <= set(there)
    assert set(there.values()) == {1}


def test_what_nobody_was_shown_is_at_most_what_was_being_saved_when_the_replica_went(clinic, walked):
    shown = {one.acknowledgement for one in walked.arrived}
    unseen = [token.body.card for token in clinic.tokens() if token.acknowledgement not in shown]
    again = {code for code, one in zip(clinic.codes, walked.arrived, strict=False) if one.began > 1}
    assert set(unseen) <= again
    assert len(unseen) == len(set(unseen))


def test_a_replica_that_comes_back_is_used_again_and_whoever_was_cut_off_is_told_so(clinic, walked):
    """A phone in the middle of choosing loses its replica: it reads that nothing was kept, and begins again."""
    clinic.replicas[0].start()

    async def story() -> tuple[bool, Arrived]:
        mine = phone(clinic)
        while mine.headers.get("x-replica") != walked.killed:
            await mine.close()
            mine.cookie = ""
            await scan(mine, clinic.codes[PHONES])
        clinic.replicas[0].process.send_signal(signal.SIGKILL)
        with pytest.raises(CutOff):
            await mine.tap("onward")
        await mine.open("choose")
        told = mine.shows(WORDS("common.not_kept.title"))
        return told, await walk(mine, clinic.codes[PHONES])

    told, arrived = in_a_loop(story())
    assert told
    assert arrived.over == (walked.stayed,)
    assert arrived.acknowledgement in {token.acknowledgement for token in clinic.tokens()}


# --- what the server in front lets through ------------------------------------------------------


def status(base: str, clinic: Clinic, path: str) -> int:
    return in_a_loop(Phone(base, clinic.trust).get(path))


def test_the_public_name_has_no_staff_page_and_the_staff_name_no_card(clinic):
    assert status(clinic.base, clinic, "/unlock") == 404
    assert status(clinic.staff_base, clinic, "/unlock") == 200
    assert status(clinic.staff_base, clinic, f"/C/{clinic.codes[0]}") == 404


@pytest.mark.parametrize("path", ["/metrics", "/_stcore/metrics"])
def test_no_figures_come_through_the_server_in_front(clinic, path):
    assert status(clinic.base, clinic, path) == 404
    assert status(clinic.staff_base, clinic, path) == 404


def test_the_cookie_is_bound_to_this_host_under_tls(clinic):
    mine = phone(clinic)
    in_a_loop(mine.get(f"/C/{clinic.codes[0]}"))
    assert mine.cookie.startswith("__Host-binding=")
    assert "Secure" in mine.headers["set-cookie"]
    assert mine.headers["strict-transport-security"]


def test_a_browser_stays_with_its_replica(clinic, walked):
    async def visits() -> list[str]:
        mine, over = phone(clinic), []
        for _ in range(12):
            await mine.get(f"/C/{clinic.codes[0]}")
            # Where it named two, it tried the dead one again in vain: the last one answered.
            over.append(mine.headers["x-replica"].rpartition(", ")[2])
        return over[1:]

    assert len(set(in_a_loop(visits()))) == 1


def test_nobodys_card_is_written_down(clinic, walked):
    written = [server.log() for server in (*clinic.replicas, clinic.staff)]
    written += [(clinic.folder / "nginx.log").read_text("utf-8")]
    assert [code for code in clinic.codes if any(code in log for log in written)] == []

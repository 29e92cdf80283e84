"""How many questions a second are decided, in one run.

    python -m bench.policy [COUNT]

Prints questions a second of processor time for the rules alone and for ``decide --lines`` (reading, checking,
deciding, writing), for one person's story and for a composite of a hundred stories.
"""

from __future__ import annotations

import io
import json
import sys
from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, datetime
from time import process_time

from core.commands import Console
from core.commands.decide import COMMAND
from core.model.person import Person
from core.model.post import Post
from core.model.taxonomy import TAXONOMY
from core.policy import decide

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
SOMEONE = {
    "preferences": {
        "channels": dict.fromkeys(TAXONOMY.channel_ids, "composite") | {"promotion": "ask"},
        "materials": list(TAXONOMY.material_ids),
        "topics": list(TAXONOMY.topic_ids),
        "therapy": "during",
        "gap_months": 3,
        "understood": True,
        "issued_at": "2026-10-22T10:00:00Z",
        "expires_at": "2027-04-22T10:00:00Z",
    },
    "withdrawn": False,
    "hold": False,
    "lapsed": False,
    "refused": [],
}


def question(stories: int) -> dict[str, dict[str, object]]:
    """Return a post and its people, one in each story."""
    codes = [f"{number:08}" for number in range(stories)]
    post = {
        "channels": ["video", "post"],
        "form": "composite",
        "materials": ["story"],
        "topics": ["work"],
        "live": False,
        "paid": False,
        "uses": [],
        "stories": [{"people": [code], "session_date": "2026-01-10"} for code in codes],
    }
    return {"post": post, "people": dict.fromkeys(codes, SOMEONE)}


def rules(asked: dict[str, dict[str, object]], count: int) -> Callable[[], object]:
    """Return the rules alone at work ``count`` times. A post is new each time: it remembers what it found."""
    people = {code: Person.model_validate(known) for code, known in asked["people"].items()}
    posts = [Post.model_validate(asked["post"]) for _ in range(count)]
    return lambda: [decide(post, people, NOW) for post in posts]


def lines(asked: dict[str, dict[str, object]], count: int) -> Callable[[], object]:
    """Return the command at work on ``count`` lines."""
    line = json.dumps({"now": "2026-11-22T10:00:00Z", **asked}).encode() + b"\n"
    console = Console(io.BytesIO(line * count), io.StringIO(), io.StringIO(), lambda: NOW)
    run = COMMAND.run
    return lambda: run(Namespace(lines=True), console) if run else None


def main(count: int) -> None:
    """Measure and print."""
    print("| stories | the rules alone, a second | decide --lines, a second |\n|---|---|---|")
    for stories, times in ((1, count), (3, count), (100, max(1, count // 50))):
        asked = question(stories)
        rates = [times / _seconds(work(asked, times)) for work in (rules, lines)]
        print(f"| {stories} | {rates[0]:,.0f} | {rates[1]:,.0f} |")


def _seconds(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)

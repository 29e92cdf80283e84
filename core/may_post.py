"""May I post this? What a therapist said of a post so far, and the answer to it.

The rules are those of ``core/policy.py``; here is only what a page needs around them: what is still to
be said, what a reason is about, which stories a no takes out, and the check that goes with a draft.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from core import drafting, knowing
from core.drafting import Writing
from core.errors import AlreadyKept, BadInput, InboxFirst, NoSuchDraft
from core.model.checklist import Checklist
from core.model.person import Person
from core.model.post import ENOUGH_STORIES, Post
from core.model.posted import Piece
from core.model.question import Gap, Question, Told
from core.model.request import tidy_text
from core.model.verdict import Answer, Reason, Verdict
from core.store import cards, posts, practice
from core.store.vaults import Vault

Headline = Answer | Literal["open", "inbox_first"]
#: Of a draft and its translation as they travel, in bytes. A parcel holds 64 KiB, and a question says more than these.
LONGEST_DRAFT = 44_000
#: Without these nothing can be judged; a no that stands on them alone stands whatever else is said.
_GROUND: frozenset[Gap] = frozenset({"form", "stories", "channels", "materials"})


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer of this moment. ``verdict``: None while nothing certain can be said.

    ``post``: as it was judged. ``persons``: whom a reason names, by card code.
    """

    gaps: tuple[Gap, ...] = ()
    other_account: bool = False
    inbox_first: bool = False
    verdict: Verdict | None = None
    post: Post | None = None
    persons: dict[str, tuple[Person, ...]] = field(default_factory=dict)

    @property
    def headline(self) -> Headline:
        """The one word on top."""
        if self.other_account:
            return "no"
        if self.inbox_first:
            return "inbox_first"
        return self.verdict.answer if self.verdict else "open"

    def specifics(self, reason: Reason) -> tuple[str, ...]:
        """Return what of the post a reason is about: ids of places, topics or materials; nothing for other rules."""
        documents = [one.preferences for one in self.persons.get(reason.person, ()) if one.preferences]
        if self.post is None:
            return ()
        if reason.rule in {"never", "undecided"}:
            places = sorted(self.post.all_channels)
            return tuple(place for place in places if any(one.channels[place] == reason.rule for one in documents))
        if reason.rule == "topic_left_out":
            return tuple(topic for topic in self.post.topics if any(topic not in one.topics for one in documents))
        if reason.rule == "material_left_out":
            return tuple(kind for kind in self.post.materials if any(kind not in one.materials for one in documents))
        return ()

    def stories_to_leave_out(self) -> tuple[int, ...]:
        """Return which stories of a composite somebody's no takes out, by their place in the question."""
        if self.post is None or self.verdict is None or self.post.form != "composite" or self.verdict.answer != "no":
            return ()
        # Neither is one person's no: another story, or another kind of post, would meet them.
        general = {"locked_use", "composite_required", "live_cannot_be_shown_first"}
        noes = {reason.person for reason in self.verdict.reasons if reason.rule not in general}
        return tuple(i for i, story in enumerate(self.post.stories) if not noes.isdisjoint(story.people))


def answer(vault: Vault, question: Question, piece: Piece | None, now: datetime) -> Reply:
    """Return what can be said now. ``piece``: the kept draft that is open. Raises ``BadInput``, ``VaultDamaged``.

    While something is unsaid only a no or a not yet is given: what is said later never loosens those.
    """
    other = question.account is not None and question.account not in accounts(vault)
    gaps = question.gaps
    if not _GROUND.isdisjoint(gaps):
        return Reply(gaps, other)
    post = _post(question, piece)
    try:
        verdict = knowing.judge(vault, post, now)
    except InboxFirst:
        return Reply(gaps, other, inbox_first=not gaps)
    if gaps and verdict.answer not in {"no", "not_yet"}:
        return Reply(gaps, other)
    named = sorted({reason.person for reason in verdict.reasons if reason.person})
    persons = {code: knowing.known(vault, code, now).persons for code in named}
    if post.form == "composite" and verdict.answer == "no":
        # Who takes a story out may be in it by another card, or as a guardian.
        post = knowing.entered(vault, post)
    return Reply(gaps, other, verdict=verdict, post=post, persons=persons)


def accounts(vault: Vault) -> tuple[str, ...]:
    """Return the accounts that the notice names: a permission covers these and no other."""
    return practice.find_therapist(vault.database, vault.therapist_id).accounts


def slots(form: str | None) -> int:
    """Return how many stories a kind of post asks for at least."""
    return {"disguised": 1, "composite": ENOUGH_STORIES}.get(form or "", 0)


def keep(vault: Vault, question: Question, piece: Piece | None, title: str, now: datetime) -> Piece:
    """Keep the draft, new or in the place of the open one. Raises ``BadInput``, ``AlreadyKept``, ``NoSuchDraft``."""
    problems = {
        "Say everything that is still open first. The list is at the top.": bool(question.gaps),
        "This account is not one that the permission covers. Pick one of yours.": question.account
        not in accounts(vault),
        "Write the draft first, or add the file. A file that was kept is added again.": not question.has_draft,
    }
    for problem, found in problems.items():
        if found:
            raise BadInput(problem=problem)
    check_length(question)
    writing = Writing(
        post=_post(question, None),
        account=question.account or "",
        text="" if question.file is not None else question.text,
        translation=question.exact_translation,
        title=" ".join(title.split()),
        # It names the draft it is about, so that it counts for no other.
        checklist=piece.draft.checklist if piece else {},
        file=question.file,
    )
    return drafting.save(vault, writing, now, piece.id if piece else None)


def check_length(question: Question) -> None:
    """Raise ``BadInput`` where the words are too many to be shown to a client in one piece."""
    if question.file is not None:
        return
    words = json.dumps([question.text, question.exact_translation], ensure_ascii=False)
    excess = len(words.encode()) - LONGEST_DRAFT
    if excess > 0:
        raise BadInput(problem=f"This is too long to show to a client in one piece. Take out about {excess} letters.")


def other_language(vault: Vault, codes: Collection[str], language: str) -> bool:
    """Whether one of these cards is in another language than ``language``. Raises ``CardUnknown``."""
    return any(cards.find(vault.database, code).language != language for code in codes)


def question_of(piece: Piece) -> Question:
    """Return what was said of a kept draft."""
    post = piece.draft.post
    return Question(
        form=post.form,
        stories=tuple(Told(story.people, story.session_date) for story in post.stories),
        account=piece.draft.account,
        channels=post.channels,
        materials=post.materials,
        topics=post.topics,
        uses=post.uses,
        paid=post.paid,
        live=post.live,
        text=piece.draft.text,
        translation=piece.draft.translation or "",
        kept_file="" if piece.draft.text else piece.draft.content_hash,
    )


def checklist_of(piece: Piece) -> Checklist | None:
    """Return the check of just this draft, or None where there was none."""
    if not piece.draft.checklist:
        return None
    found = Checklist.model_validate(piece.draft.checklist)
    return found if found.content_hash == piece.draft.content_hash else None


def check(vault: Vault, piece: Piece, ticked: Collection[str], now: datetime) -> Piece:
    """Keep what was ticked for a kept draft. Raises ``NoSuchDraft`` where its words changed since, ``AlreadyKept``."""
    done = Checklist(content_hash=piece.draft.content_hash, checked_at=now, ticked=tuple(ticked))
    with vault.database.write() as connection:
        posts.have_to_itself(connection, vault)
        held = posts.find(connection, vault, piece.id)
        if held.posted is not None:
            raise AlreadyKept
        if held.draft.content_hash != done.content_hash:
            raise NoSuchDraft
        draft = held.draft.model_copy(update={"checklist": done.model_dump(mode="json")})
        after = held.model_copy(update={"draft": draft})
        posts.keep(connection, vault, after)
    return after


def is_unchanged(question: Question, piece: Piece | None) -> bool:
    """Whether the words are still those of the kept draft, for the same account and with the same people in it."""
    if piece is None or question.file is not None or question.account != piece.draft.account:
        return False
    if {code for story in question.stories for code in story.people} != set(piece.draft.post.people):
        return False
    same = question.exact_translation == (piece.draft.translation or "")
    return same and tidy_text(question.text) == piece.draft.text


def is_as_kept(question: Question, piece: Piece) -> bool:
    """Whether nothing at all was changed since the draft was kept."""
    if question.gaps or not is_unchanged(question, piece):
        return False
    return _in_order(_post(question, piece)) == _in_order(piece.draft.post)


def _in_order(post: Post) -> dict[str, object]:
    # Who stands first in a story depends on how they were found.
    stories = [(sorted(story.people), story.session_date) for story in post.stories]
    return post.model_dump() | {"stories": stories}


def _post(question: Question, piece: Piece | None) -> Post:
    """Return the post; what is unsaid takes its mildest value, so that a no stands on what was said."""
    told = () if question.form == "invented" else question.stories
    return Post.model_validate(
        {
            "channels": question.channels,
            "form": question.form,
            "materials": question.materials,
            "topics": question.topics or (),
            "live": bool(question.live),
            "paid": bool(question.paid),
            "uses": question.uses or (),
            "content_hash": piece.draft.content_hash if piece and is_unchanged(question, piece) else None,
            "stories": [{"people": story.people, "session_date": story.session_date} for story in told],
        }
    )

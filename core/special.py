"""Special cases as staff type them: what is noted of a card's holder, and by which cards a minor's guardians sign.

Source: docs/requests.md, "Special cases".
"""

from __future__ import annotations

from datetime import datetime

from core import entries, knowing, naming, people
from core.errors import BadInput
from core.model.circumstances import Circumstances
from core.model.request import start_of
from core.store import audit
from core.store.vaults import Vault


def note(vault: Vault, code: str, about: Circumstances, guardians: str, now: datetime) -> None:
    """Note what else is known of a card's holder.

    ``guardians``: their cards as a person types them, each by code, stub number or alias, with commas between.
    Raises ``BadInput`` with what to do, and then nothing is noted.
    """
    named = tuple(naming.meant(vault, one, now).card.code for one in guardians.split(",") if one.strip())
    if named and about.majority_on is None:
        raise BadInput(problem="Say the day they come of age too. The guardian's yes ends on that day.")
    if about.majority_on is None:
        _check_may_be_cleared(vault, code, now)
    put(vault, code, about.model_copy(update={"guardians": named}), now)


def put(vault: Vault, code: str, about: Circumstances, now: datetime) -> None:
    """Note it as it stands in ``about``, such as what was noted before, with its entry in the record."""
    with vault.database.write() as connection:
        noted = knowing.put_circumstances(connection, vault, code, about)
        audit.append(connection, "circumstances", now, vault, entries.circumstances(vault.data_key, code, noted))


def _check_may_be_cleared(vault: Vault, code: str, now: datetime) -> None:
    about = vault.holder(code).about
    if not about.is_minor or about.majority_on is None or not about.has_come_of_age(now):
        return
    standing = people.find_person(vault, code, now).standing
    if any(held.body.issued_at < start_of(about.majority_on) for held in standing.in_force):
        # Cleared now, what they chose as a minor would count again.
        raise BadInput(problem="They have not chosen again since they came of age. Ask them to, then clear the day.")

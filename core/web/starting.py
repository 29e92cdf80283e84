"""Starting the portal, or one sentence that says which setting is in the way. It never repeats what was set."""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from pydantic import ValidationError

from core.errors import SaysoError, StoreFull, StoreUnavailable
from core.portal import Portal, portal
from core.settings import Settings
from core.text import Words

#: What a client's last screens load: the copy to keep, and what pictures are drawn with.
_LOADED_LATER = ("core.receipt", "core.visit", "numpy", "PIL.PngImagePlugin", "mnemonic")


def started() -> Portal:
    """Return this process's portal. Where it can not start, say why on stderr and exit 2."""
    settings = checked()
    try:
        made = portal()
    except StoreUnavailable as problem:
        refuse(problem.sentence if isinstance(problem, StoreFull) else no_database(settings))
    except SaysoError as problem:
        refuse(problem.sentence)
    _keep_what_is_loaded()
    return made


def _keep_what_is_loaded() -> None:
    # After each tap Streamlit looks through all of memory for what nobody uses any more, so that a client's choices do
    # not linger. The program itself stays to the end: left out of that search, a tap takes less than half as long.
    for part in _LOADED_LATER:
        import_module(part)
    gc.collect()
    gc.freeze()


def checked() -> Settings:
    """Return the settings. Where one is wrong, say which on stderr and exit 2."""
    try:
        return Settings()
    except ValidationError as problems:
        refuse(*faults(problems))


def faults(problems: ValidationError) -> list[str]:
    """Return a sentence for each setting that is wrong, by the name of its variable, without its value."""
    said = ((one["loc"], one["msg"].removeprefix("Value error, ")) for one in problems.errors())
    # What is wrong with several together names them itself.
    return [f"{_variable(place)} {wrong}." if place else f"{wrong}." for place, wrong in said]


def no_database(settings: Settings) -> str:
    """Return what to do where the database does not answer."""
    say = Words()
    return say("start.database") if settings.database_url else no_folder(settings.data)


def no_folder(data: Path) -> str:
    """Return what to do where nothing can be kept in the data folder, which the owner of the machine may see named."""
    return Words()("start.folder", folder=data)


def refuse(*sentences: str) -> NoReturn:
    """Say why the portal does not start, and exit 2."""
    sys.stderr.write("\n".join(sentences) + "\n")
    sys.stderr.flush()
    sys.exit(2)


def _variable(place: tuple[int | str, ...]) -> str:
    return "SAYSO_" + str(place[0]).upper()

"""The version a document names itself: a whole number, and so far only one."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator


def _is_whole_number(given: object) -> object:
    # pydantic takes true and 1.0 for a one; another program would not.
    if type(given) is not int:
        raise ValueError("must be the whole number 1")
    return given


VersionOne = Annotated[Literal[1], BeforeValidator(_is_whole_number)]

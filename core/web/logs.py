"""Keeps what people wrote out of the log: an error is named by its kind and place, never by its text.

An exception's text may hold a choice, a name or a code (pydantic quotes what it refuses), and
Streamlit logs it even where it shows nothing. So every log record of the process is cleaned as
it is made, whichever library makes it.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from traceback import extract_tb
from types import TracebackType
from typing import Any

_LOGGER = logging.getLogger("sayso")
_ROOT = Path(__file__).resolve().parent.parent.parent
#: These say who came and which address they asked for.
_TALKATIVE = ("uvicorn.error", "uvicorn.access", "uvicorn", "websockets", "asyncio")


def quiet() -> None:
    """Clean every record from now on. Doing it again changes nothing."""
    factory = logging.getLogRecordFactory()
    if getattr(factory, "cleans", False):
        return
    logging.setLogRecordFactory(_Cleaning(factory))
    threading.excepthook = _thread_ended
    sys.excepthook = _process_ends
    for name in _TALKATIVE:
        logging.getLogger(name).addFilter(_matters)


def named(error: BaseException) -> str:
    """Return an error's kind and the places it passed in the project's own files: nothing it says."""
    frames = [frame for frame in extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(_ROOT)]
    own = [frame for frame in frames if "site-packages" not in frame.filename][-3:]
    places = [f"{Path(frame.filename).relative_to(_ROOT)}:{frame.lineno}" for frame in own]
    if isinstance(error, SyntaxError):
        places.append(f"{Path(error.filename or '').name}:{error.lineno}")
    return " ".join([type(error).__name__, "at", ", ".join(places) or "a place outside the project"])


class _Cleaning:
    """A log record factory that leaves out what errors say."""

    cleans = True

    def __init__(self, factory: Callable[..., logging.LogRecord]) -> None:
        self._factory = factory

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record = self._factory(*args, **kwargs)
        if record.exc_info:
            error = record.exc_info[1]
            record.msg = named(error) if error else "an error"
            record.args, record.exc_info, record.exc_text, record.stack_info = (), None, None, None
        elif isinstance(record.args, tuple):
            record.args = tuple(named(arg) if isinstance(arg, BaseException) else arg for arg in record.args)
        if isinstance(record.msg, BaseException):
            record.msg = named(record.msg)
        return record


def _matters(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.ERROR


def _thread_ended(hooked: threading.ExceptHookArgs) -> None:
    if hooked.exc_value is not None:
        _LOGGER.error("A thread ended: %s", named(hooked.exc_value))


def _process_ends(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        _LOGGER.critical("The portal ended: %s", named(error))

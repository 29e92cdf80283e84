"""What reaches the log when something breaks: the kind and the place, never what it says."""

from __future__ import annotations

import logging
import sys
import threading
from io import StringIO

import pytest

from core.model.preferences import Preferences
from core.web import logs

SECRET = "K7QM-2XPF said never to video"


@pytest.fixture
def lines():
    """Everything a logger prints while records are cleaned."""
    before = (logging.getLogRecordFactory(), threading.excepthook, sys.excepthook)
    filters = {name: list(logging.getLogger(name).filters) for name in logs._TALKATIVE}
    logs.quiet()
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    for name in ("streamlit.error_util", "uvicorn.error", "anything", "sayso"):
        logging.getLogger(name).addHandler(handler)
    yield stream
    for name in ("streamlit.error_util", "uvicorn.error", "anything", "sayso"):
        logging.getLogger(name).removeHandler(handler)
    for name, kept in filters.items():
        logging.getLogger(name).filters[:] = kept
    logging.setLogRecordFactory(before[0])
    threading.excepthook, sys.excepthook = before[1:]


def broken() -> Exception:
    def breaks() -> None:
        raise ValueError(SECRET)

    with pytest.raises(ValueError, match="never") as error:
        breaks()
    return error.value


@pytest.mark.parametrize("name", ["streamlit.error_util", "uvicorn.error", "anything"])
def test_an_errors_text_and_trace_stay_out(lines, name) -> None:
    logging.getLogger(name).error("Uncaught app execution %s", SECRET, exc_info=broken())
    assert SECRET not in lines.getvalue()
    assert "Traceback" not in lines.getvalue()
    assert "ValueError" in lines.getvalue()


def test_the_log_says_where_it_broke(lines) -> None:
    logging.getLogger("anything").error("it broke", exc_info=broken())
    assert "tests/core/web/test_logs.py:" in lines.getvalue()


def test_an_error_given_as_a_value_stays_out_too(lines) -> None:
    logging.getLogger("anything").error("could not: %s", broken())
    logging.getLogger("anything").error(broken())
    assert SECRET not in lines.getvalue()
    assert lines.getvalue().count("ValueError") == 2


def test_a_cause_stays_out_with_its_effect(lines) -> None:
    error = RuntimeError(SECRET)
    error.__cause__ = broken()
    logging.getLogger("anything").error("it broke", exc_info=error)
    assert SECRET not in lines.getvalue()


def test_what_a_model_refuses_is_not_quoted(lines) -> None:
    with pytest.raises(ValueError, match="note") as refused:
        Preferences.model_validate({"note": 7, "channels": {"video": SECRET}})
    logging.getLogger("anything").error("refused", exc_info=refused.value)
    assert SECRET not in lines.getvalue()


def test_who_comes_and_where_they_go_is_not_said(lines) -> None:
    logging.getLogger("uvicorn.error").warning('%s - "WebSocket %s" 403', ("192.0.2.7", 5000), "/c/K7QM2XPF")
    assert lines.getvalue() == ""


def test_a_thread_that_dies_says_no_more(lines) -> None:
    def work() -> None:
        raise ValueError(SECRET)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert SECRET not in lines.getvalue()
    assert "ValueError" in lines.getvalue()


def test_plain_lines_come_through(lines) -> None:
    logging.getLogger("sayso").error("assets could not be kept")
    assert lines.getvalue() == "assets could not be kept\n"


def test_a_page_that_is_no_python_is_named_by_its_line(lines) -> None:
    with pytest.raises(SyntaxError) as error:
        compile(f"x = '{SECRET}' (", "pages/client/choose.py", "exec")
    logging.getLogger("anything").error("it broke", exc_info=error.value)
    assert "choose.py:1" in lines.getvalue()
    assert SECRET not in lines.getvalue()

"""What a person reads where a page broke."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from core.errors import StoreUnavailable


def _broken(kind: str) -> None:
    from core.errors import StoreUnavailable
    from pages.parts.server import say_sorry

    say_sorry(StoreUnavailable() if kind == "known" else ValueError("a choice"))


def test_a_known_failure_says_what_happened_and_what_to_do() -> None:
    page = AppTest.from_function(_broken, args=("known",)).run()
    assert [error.value for error in page.error] == [StoreUnavailable().sentence]


def test_a_bug_says_sorry_and_nothing_of_what_it_held() -> None:
    page = AppTest.from_function(_broken, args=("a bug",)).run()
    (error,) = page.error
    assert "our side" in error.value
    assert "a choice" not in error.value

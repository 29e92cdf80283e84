"""Streamlit with a portal that knows the made-up languages too: they are put in before anything reads a word."""

from __future__ import annotations

from streamlit.web import cli

from tests.browser import pseudo

pseudo.speak()

if __name__ == "__main__":
    cli.main()

"""Fixtures for the page where clients are asked: somebody who wants to be, and a draft of their story."""

from __future__ import annotations

import pytest

from core.model.posted import Piece
from tests.pages.asking import Client, draft
from tests.pages.conftest import Practised


@pytest.fixture(autouse=True)
def at_work(practised) -> Practised:
    """The practice, its vault open in this browser."""
    practised.unlock()
    return practised


@pytest.fixture
def client(at_work) -> Client:
    """Somebody who wants to be asked about each story."""
    return Client(at_work, at_work.cards[0]).chooses()


@pytest.fixture
def piece(at_work, client) -> Piece:
    """A draft of their story."""
    return draft(at_work, client)

"""What the tests of the store share beyond those of the core."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.core.store.postgres import Server


@pytest.fixture
def role(server: Server) -> Iterator[str]:
    """A role of the server that may sign in and owns nothing, under a name that has to be quoted."""
    name = "client face"
    server.do(f'CREATE ROLE "{name}" LOGIN')
    yield name
    server.do(f'DROP ROLE "{name}"')

"""What every test shares: Hypothesis without a clock, and each passphrase stretched once."""

from __future__ import annotations

import gc
from functools import cache

from hypothesis import HealthCheck, settings

from core import vault

# A busy machine is no failure.
settings.register_profile("sayso", deadline=None)
#: `make test-deep`. A law is not worth less for taking its time.
settings.register_profile("deep", deadline=None, max_examples=10_000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sayso")

# The same passphrase with the same salt and cost gives the same key, and it is costly by design.
vault._stretched = cache(vault._stretched)


def pytest_collection_finish():
    """Leave what is loaded by now out of every search for what nobody uses any more: it stays to the end."""
    gc.collect()
    gc.freeze()

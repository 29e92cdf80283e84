"""What every test shares: Hypothesis without a clock, since a busy machine is no failure."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("sayso", deadline=None)
#: `make test-deep`. A law is not worth less for taking its time.
settings.register_profile("deep", deadline=None, max_examples=10_000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sayso")

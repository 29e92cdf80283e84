"""What every test shares: Hypothesis without a clock, since a busy machine is no failure."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("sayso", deadline=None)
settings.load_profile("sayso")

"""How the property tests run everywhere."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# How long an example takes, or its making, is the machine's affair. With CI set, Hypothesis draws the same each time.
settings.register_profile("live_scribe", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("live_scribe")

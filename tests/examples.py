"""How many examples does a test of a property try: a third of them every day, all of them in a thorough run?

``pytest --thorough`` (and so ``.ci/run``) tries them all.
"""

from __future__ import annotations

from hypothesis import settings

EVERYDAY, THOROUGH = "everyday", "thorough"
ALL, SOME = 100, 33


def register_profiles() -> None:
    """Make both known, and the everyday one what holds unless pytest is told otherwise."""
    # No test here is about time, and a busy machine is no fault of the code.
    settings.register_profile(THOROUGH, deadline=None, max_examples=ALL)
    settings.register_profile(EVERYDAY, deadline=None, max_examples=SOME)
    settings.load_profile(EVERYDAY)


def load_thorough() -> None:
    """Let every property be tried with all its examples."""
    settings.load_profile(THOROUGH)


def examples(thorough: int) -> int:
    """Return how many examples to try of a test that has its own number of them in a thorough run."""
    return -(-thorough * settings.default.max_examples // ALL)

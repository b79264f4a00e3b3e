"""What does an everyday run leave to a thorough one (``--thorough``, and so ``.ci/run``)?

Every test runs in both.  An everyday run tries a third of the examples of a
property (``tests.examples``), and runs on PostgreSQL only the first case of

- a test of a page (``tests/web``): a page asks the database the same whatever
  a form says, unless the test is marked ``every_case``;
- another test that is marked ``first_case``.

Both hold only where SQLite runs every case beside it (``--database both``).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

PAGES = Path(__file__).parent / "web"
EVERYDAY = (
    "everyday run: a third of the examples of properties, one case of each test of a page on PostgreSQL; "
    "all with --thorough"
)


def is_on_postgres(item: pytest.Item) -> bool:
    """Tell whether this is a test's run on PostgreSQL."""
    return item.get_closest_marker("postgres") is not None


def one_case_will_do(item: pytest.Item) -> bool:
    """Tell whether the first case of this test stands for all of them on PostgreSQL."""
    if item.path.is_relative_to(PAGES):
        return item.get_closest_marker("every_case") is None
    return item.get_closest_marker("first_case") is not None


def later_cases(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Return the runs on PostgreSQL that are left to a thorough run."""
    begun: set[str] = set()
    later = []
    for item in items:
        test = item.nodeid.partition("[")[0]
        if is_on_postgres(item) and one_case_will_do(item):
            if test in begun:
                later.append(item)
            begun.add(test)
    return later

"""Which exact versions do our requirements need, as this environment has them?

Run by ``make pins``: prints constraints.txt, closed over every requirement of
setup.cfg and its extras, and nothing that happens to be installed besides.
"""

from __future__ import annotations

import configparser
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HEADER = "# Exact versions for `make run` and `make test`. Written by `make pins`; edit setup.cfg, not this file."


def declared() -> Iterator[Requirement]:
    """Yield the requirements of setup.cfg, extras included."""
    settings = configparser.ConfigParser()
    settings.read("setup.cfg", encoding="utf-8")
    blocks = [settings["options"]["install_requires"], *settings["options.extras_require"].values()]
    for line in "\n".join(blocks).splitlines():
        if line.strip() and not line.startswith("#"):
            yield Requirement(line)


def applies(requirement: Requirement, extras: set[str]) -> bool:
    """Tell whether a requirement's marker holds here, for any of the extras asked for."""
    return requirement.marker is None or any(requirement.marker.evaluate({"extra": e}) for e in {"", *extras})


def closure() -> dict[str, str]:
    """Return the installed version of everything needed, by the name its maker gives it."""
    pins: dict[str, str] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [r for r in declared() if applies(r, set())]
    while waiting:
        requirement = waiting.pop()
        key = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if key in seen:
            continue
        seen.add(key)
        found = distribution(requirement.name)
        pins[found.metadata["Name"]] = found.version
        needs = (Requirement(r) for r in found.requires or ())
        waiting += [r for r in needs if applies(r, set(requirement.extras))]
    return pins


if __name__ == "__main__":
    try:
        pins = closure()
    except PackageNotFoundError as missing:
        sys.exit(f"{missing.name} is not installed: run `make install-dev` first.")
    print(HEADER)
    for name, version in sorted(pins.items(), key=lambda pin: pin[0].lower()):
        print(f"{name}=={version}")

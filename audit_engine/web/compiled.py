"""Where does a new worker find the pages' templates as the last one compiled them?

Compiling them takes longer than all else that the first page needs.  What is
kept is code that this program runs, so it lies where only the site's own user
can write, and is used only by the very program that wrote it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path

import jinja2
from flask import Flask
from jinja2.bccache import Bucket, FileSystemBytecodeCache

from audit_engine.web import pieces

ONLY_MINE = 0o700


class Compiled(FileSystemBytecodeCache):
    """Templates by name and content; a full disk, a damaged file or a folder taken away costs time, never a page."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take up one template where it is there and whole; Jinja compiles it otherwise."""
        with suppress(Exception):  # a file that was cut short can fail in any way
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep one template where that can be done."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def attach(app: Flask, var: Path) -> None:
    """Keep compiled templates below ``var``, or none where somebody else could write there."""
    folder = var / "compiled-templates" / _program()
    if not folder.is_dir():
        shutil.rmtree(folder.parent, ignore_errors=True)  # what an earlier program compiled
    # Each environment reads blanks in its own way, so each has a folder of its own.
    for name, environment in (("pages", app.jinja_env), ("questions", pieces.environment())):
        own = folder / name
        if all(_is_mine(step) for step in (folder.parent, folder, own)):
            environment.bytecode_cache = Compiled(str(own))


def _program() -> str:
    """Return a name for this program: Jinja applies filters to fixed values when it compiles, so their code counts."""
    files = [*sorted(Path(__file__).parent.glob("*.py")), Path(jinja2.__file__).with_name("compiler.py")]
    seen = [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def _is_mine(folder: Path) -> bool:
    try:
        folder.mkdir(mode=ONLY_MINE, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return False
    is_own = hasattr(os, "getuid") and found.st_uid == os.getuid()
    return is_own and stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) == ONLY_MINE

"""Are a setting's photos kept as pictures alone, for the setting alone, and gone when they are deleted?"""

from __future__ import annotations

import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from audit_engine.evidence.photos import NotAPhoto
from audit_engine.services import eatsafe_photos, self_audit_people
from audit_engine.services.clock import now
from audit_engine.storage import setting_photos
from audit_engine.storage.engine import reading
from tests.evidence.test_photos import photo, with_place
from tests.services.meals import IN_2025, Nurseries


@pytest.fixture
def nurseries(tmp_path: Path, engine: Engine) -> Nurseries:
    return Nurseries.in_folder(tmp_path, engine).open("eatsafe-2024", "eatsafe-2025")


def keep(nurseries: Nurseries, audit: int, content: bytes | None = None) -> str:
    facts = nurseries.facts(audit)
    return eatsafe_photos.keep_photo(
        nurseries.engine, nurseries.world.instance, facts, "eat.E2", content or with_place(),
        nurseries.lead_of(facts.setting), IN_2025,
    )  # fmt: skip


def files(nurseries: Nurseries) -> list[Path]:
    return sorted(eatsafe_photos.folder_of(nurseries.world.instance).iterdir())


def test_a_photo_is_kept_under_a_random_name_for_the_program_alone(nurseries: Nurseries) -> None:
    name = keep(nurseries, nurseries.check(nurseries.nursery()))
    (file,) = files(nurseries)
    assert file.name == f"{name}.jpg" and len(name) == 32
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(file.parent).st_mode) == 0o700
    assert file.parent.parent == nurseries.world.instance.var
    assert b"Anna" not in file.read_bytes()
    assert eatsafe_photos.picture_of(nurseries.world.instance, name) == file.read_bytes()


def test_what_is_no_photo_leaves_nothing_behind(nurseries: Nurseries) -> None:
    audit = nurseries.check(nurseries.nursery())
    with pytest.raises(NotAPhoto):
        keep(nurseries, audit, b"<svg/>")
    assert files(nurseries) == []


def test_there_is_an_end_to_photos(nurseries: Nurseries, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eatsafe_photos, "MOST_PHOTOS", 2)
    audit = nurseries.check(nurseries.nursery())
    keep(nurseries, audit)
    keep(nurseries, audit)
    with pytest.raises(NotAPhoto, match="2 photos already"):
        keep(nurseries, audit)


def test_a_photo_is_deleted_by_its_own_audit_alone(nurseries: Nurseries) -> None:
    mine = nurseries.check(nurseries.nursery())
    other = nurseries.check(nurseries.nursery("Other", "o@o.example.org"))
    name = keep(nurseries, mine)
    eatsafe_photos.drop_photo(nurseries.engine, nurseries.world.instance, other, name)
    assert len(files(nurseries)) == 1
    eatsafe_photos.drop_photo(nurseries.engine, nurseries.world.instance, mine, name)
    assert files(nurseries) == []
    assert eatsafe_photos.picture_of(nurseries.world.instance, name) is None


def test_pictures_that_no_row_speaks_of_are_swept_once_they_cannot_be_on_their_way(nurseries: Nurseries) -> None:
    setting = nurseries.nursery()
    keep(nurseries, nurseries.check(setting))
    kept = keep(nurseries, nurseries.check(nurseries.nursery("Other", "o@o.example.org")), photo())
    self_audit_people.delete_setting(nurseries.engine, setting)
    sweep = nurseries.engine, nurseries.world.instance
    assert eatsafe_photos.sweep(*sweep, now()) == 0
    assert eatsafe_photos.sweep(*sweep, now() + timedelta(hours=2)) == 1
    assert [f.stem for f in files(nurseries)] == [kept]
    with reading(nurseries.engine) as connection:
        assert setting_photos.ids_of_setting(connection, setting) == ()

"""Is the deployment found where it should be, with a key that nobody can guess?"""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from audit_engine.services.instance import Instance, InstanceFault, find_instance, find_root
from audit_engine.services.instance_identity import FaultyFile
from audit_engine.storage import schema
from tests.services.tiny import PARTNERSHIP, lay


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    return lay(tmp_path)


def test_the_root_is_the_one_given_then_the_environments_then_the_folder_then_the_checkout(
    instance: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "instances").mkdir(parents=True)
    assert find_root(str(instance.root), {"AUDIT_ROOT": str(elsewhere)}) == instance.root.resolve()
    assert find_root(None, {"AUDIT_ROOT": str(elsewhere)}) == elsewhere.resolve()
    monkeypatch.chdir(elsewhere)
    assert find_root(None, {}) == elsewhere
    monkeypatch.chdir(elsewhere / "instances")
    assert find_root(None, {}) == Path(__file__).parents[2]


def test_a_root_without_instances_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InstanceFault, match="holds no folder called instances"):
        find_root(str(tmp_path), {})


def test_the_instance_is_the_one_given_then_the_environments(instance: Instance) -> None:
    for found in (
        find_instance(instance.root, "tiny", {}),
        find_instance(instance.root, None, {"AUDIT_INSTANCE": "tiny"}),
    ):
        assert (found.id, found.name, found.invented, found.contact) == (
            "tiny", "Tiny Partnership", True, "team@tiny.example.org",
        )  # fmt: skip


@pytest.mark.parametrize("name", ["nowhere", "../tiny", "tiny/", "", ".", "..", "tiny\x00", "/etc", "a" * 300])
def test_an_instance_that_does_not_exist_is_refused_with_those_that_there_are(instance: Instance, name: str) -> None:
    with pytest.raises(InstanceFault, match="Instances: tiny"):
        find_instance(instance.root, name, {})


def test_an_instance_whose_file_is_broken_says_where(instance: Instance) -> None:
    (instance.folder / "partnership.yaml").write_text("partnership: {name: [")
    with pytest.raises(FaultyFile, match=r"partnership.yaml:\d+:\d+ "):
        find_instance(instance.root, "tiny", {})


@pytest.mark.parametrize(
    "written, invented", [("invented: true", True), ("invented: yes", True), ("invented: false", False), ("", False)]
)
def test_an_instance_is_real_unless_it_says_otherwise(instance: Instance, written: str, invented: bool) -> None:
    text = PARTNERSHIP.replace("invented: true,", f"{written}," if written else "")
    (instance.folder / "partnership.yaml").write_text(text)
    assert find_instance(instance.root, "tiny", {}).invented is invented


def test_a_key_is_made_once_and_only_its_owner_may_read_it(instance: Instance) -> None:
    key = instance.secret_key({})
    assert len(key) >= 32
    assert instance.secret_key({}) == key
    assert stat.S_IMODE((instance.var / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE(instance.var.stat().st_mode) == 0o700


def test_every_instance_has_a_key_of_its_own(tmp_path: Path) -> None:
    keys = {lay(tmp_path / name).secret_key({}) for name in "abc"}
    assert len(keys) == 3


@pytest.mark.parametrize("key", ["", "short", "x" * 31])
def test_a_key_that_is_too_short_is_refused_with_how_to_make_one(instance: Instance, key: str) -> None:
    with pytest.raises(InstanceFault, match="AUDIT_SECRET_KEY is shorter than 32 characters"):
        instance.secret_key({"AUDIT_SECRET_KEY": key})
    instance.var.mkdir(parents=True)
    (instance.var / "secret").write_text(key)
    with pytest.raises(InstanceFault, match="instances/tiny/var/secret is shorter"):
        instance.secret_key({})


def test_the_environments_key_comes_first(instance: Instance) -> None:
    assert instance.secret_key({"AUDIT_SECRET_KEY": "k" * 40}) == "k" * 40
    assert not (instance.var / "secret").exists()


def test_the_database_is_the_instances_own_unless_the_environment_names_one(instance: Instance, tmp_path: Path) -> None:
    assert instance.database_url({}) == f"sqlite:///{instance.var / 'audit.sqlite3'}"
    assert instance.database_url({"DATABASE_URL": "postgresql://x/y"}) == "postgresql://x/y"
    engine = instance.open_database({})
    assert schema.version_of(engine) == schema.newest()
    assert stat.S_IMODE((instance.var / "audit.sqlite3").stat().st_mode) == 0o600
    engine.dispose()

"""Are these files sound, and do their worked examples come to what they say?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from audit_engine.definition.faults import Fault, FaultyDefinition
from audit_engine.definition.library import FACTS_FILE, Library
from audit_engine.definition.nearest import listed, suggestion
from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.definition.worked_examples import run_example


@dataclass(frozen=True, slots=True)
class Report:
    """What came of checking files; ``files`` counts them."""

    files: int
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Tell whether there is no fault; warnings do not count."""
        return not self.faults

    def as_json(self) -> dict[str, object]:
        """Return the report made of JSON types."""
        return {
            "ok": self.is_sound,
            "files": self.files,
            "faults": [asdict(fault) for fault in self.faults],
            "warnings": [asdict(warning) for warning in self.warnings],
        }

    def lines(self) -> Iterator[str]:
        """Yield the report in lines of text, the verdict last."""
        yield from map(str, self.faults)
        yield from (f"{warning} (warning)" for warning in self.warnings)
        faults, warnings = _counted(len(self.faults), "fault"), _counted(len(self.warnings), "warning")
        yield f"{_counted(self.files, 'file')} checked: {faults}, {warnings}."


def _counted(count: int, word: str) -> str:
    return f"{count or 'no'} {word}" if count == 1 else f"{count or 'no'} {word}s"


def check(paths: Sequence[Path], library: Library) -> Report:
    """Check files and every YAML file in folders; without paths the whole library."""
    files, missing = _files(paths or [library.folder], library)
    faults = list(missing)
    warnings: list[Fault] = []
    facts = library.facts_reading()
    if facts.faults:
        return Report(len(files), (*missing, *facts.faults), facts.warnings)
    sound: list[tuple[Path, Questionnaire]] = []
    for path in files:
        if path.name == FACTS_FILE:
            continue
        reading = library.reading(path)
        faults += reading.faults
        warnings += reading.warnings
        if reading.questionnaire is not None:
            sound.append((path, reading.questionnaire))
    for path, questionnaire in sound:
        faults += _failed_examples(library.shown(path), questionnaire)
    others = _others(library, sound)
    faults += _shared_ids(library, sound, others)
    warnings += _missing_instruments(library, sound, others)
    for mirror in _broken_mirrors(library, sound, others):
        (faults if mirror.level == "fault" else warnings).append(mirror)
    return Report(len(files), tuple(faults), tuple(warnings))


def _files(paths: Iterable[Path], library: Library) -> tuple[list[Path], list[Fault]]:
    found: list[Path] = []
    missing: list[Fault] = []
    for path in paths:
        if path.is_dir():
            found += sorted(path.rglob("*.yaml"))
        elif path.is_file():
            found.append(path)
        else:
            missing.append(Fault(library.shown(path), 1, 1, "", "There is no such file or folder."))
    return list(dict.fromkeys(found)), missing


def _failed_examples(shown: str, questionnaire: Questionnaire) -> Iterator[Fault]:
    for number, example in enumerate(questionnaire.examples):
        for sentence in run_example(questionnaire, example):
            line = _line_of(questionnaire.source, example.title)
            yield Fault(shown, line, 1, f"examples[{number}]", f"“{example.title}”: {sentence}")


def _line_of(source: str, title: str) -> int:
    at = source.find(title.split("\n", 1)[0][:40], max(source.find("\nexamples:"), 0))
    return source.count("\n", 0, max(at, 0)) + 1


def _others(library: Library, sound: Sequence[tuple[Path, Questionnaire]]) -> Mapping[str, list[Questionnaire]]:
    """Return every sound questionnaire of the library and of the check, by id."""
    found: dict[str, dict[str, Questionnaire]] = {}
    for questionnaire in [*_of_library(library), *(q for _, q in sound)]:
        found.setdefault(questionnaire.id, {})[questionnaire.content_hash] = questionnaire
    return {name: list(versions.values()) for name, versions in found.items()}


def _of_library(library: Library) -> Iterator[Questionnaire]:
    for name, version in library.names():
        try:
            yield library.load(name, version)
        except FaultyDefinition:
            continue


def _shared_ids(
    library: Library, sound: Sequence[tuple[Path, Questionnaire]], others: Mapping[str, list[Questionnaire]]
) -> Iterator[Fault]:
    owner: dict[str, str] = {}
    for name, versions in others.items():
        for item_id in {item.id for version in versions for item in version.items}:
            owner.setdefault(item_id, name)
    for path, questionnaire in sound:
        for item in (i for i in questionnaire.items if owner[i.id] != questionnaire.id):
            told = f"The id “{item.id}” belongs to {owner[item.id]}. Give each questionnaire ids of its own."
            yield Fault(library.shown(path), _line_of_id(questionnaire.source, item.id), 1, item.id, told)


def _line_of_id(source: str, item_id: str) -> int:
    return source.count("\n", 0, max(source.find(item_id), 0)) + 1


def _missing_instruments(
    library: Library, sound: Sequence[tuple[Path, Questionnaire]], others: Mapping[str, list[Questionnaire]]
) -> Iterator[Fault]:
    """Yield, once for a file and an instrument, what it points to that is not there."""
    for path, questionnaire in sound:
        wanted: dict[str, list[str]] = {}
        for item in questionnaire.items:
            for instrument in [view.survey for view in item.staff_view] + ([item.opens] if item.opens else []):
                wanted.setdefault(instrument, []).append(item.id)
        for instrument, ids in wanted.items():
            shown, line = library.shown(path), _line_of_id(questionnaire.source, instrument)
            if instrument not in others:
                point = "1 item points" if len(ids) == 1 else f"{len(ids)} items point"
                told = f"There is no questionnaire “{instrument}” yet; {point} to it."
                yield Fault(shown, line, 1, ids[0], told, "warning")
            else:
                yield from _missing_items(shown, questionnaire, instrument, others[instrument])


def _missing_items(
    shown: str, questionnaire: Questionnaire, instrument: str, versions: Sequence[Questionnaire]
) -> Iterator[Fault]:
    known = {item.id: item for version in versions for item in version.items}
    for item in questionnaire.items:
        for view in (v for v in item.staff_view if v.survey == instrument):
            line = _line_of_id(questionnaire.source, view.item)
            if view.item not in known:
                told = f"There is no question “{view.item}” in {instrument}."
                yield Fault(shown, line, 1, item.id, told, "warning")
                continue
            options = [o.id for o in known[view.item].options]
            strange = [answer for answer in view.consistent if options and answer not in options]
            if strange:
                told = f"“{view.item}” has no answer “{strange[0]}”. It has {listed(options)}."
                yield Fault(shown, line, 1, item.id, told, "warning")


def _broken_mirrors(
    library: Library, sound: Sequence[tuple[Path, Questionnaire]], others: Mapping[str, list[Questionnaire]]
) -> Iterator[Fault]:
    """Yield a fault for each item mirrored that is not there, and a warning for a questionnaire not there yet."""
    known = {item.id: name for name, versions in others.items() for version in versions for item in version.items}
    prefixes = {_prefix(item_id) for item_id in known}
    for path, questionnaire in sound:
        absent: dict[str, list[str]] = {}
        for item in questionnaire.items:
            for target in item.mirrors:
                line = _line_of_id(questionnaire.source, target)
                if known.get(target) == questionnaire.id:
                    told = f"“{target}” is of this questionnaire itself. Mirror items of another."
                    yield Fault(library.shown(path), line, 1, item.id, told)
                elif target not in known and _prefix(target) in prefixes:
                    near = suggestion(target, known)
                    told = f"There is no item “{target}” to mirror, in any version.{near}"
                    yield Fault(library.shown(path), line, 1, item.id, told)
                elif target not in known:
                    absent.setdefault(_prefix(target), []).append(item.id)
        for prefix, ids in absent.items():
            line = _line_of_id(questionnaire.source, f"{prefix}.")
            told = f"There is no questionnaire with ids “{prefix}. ...” yet; {len(ids)} mirrors point to it."
            yield Fault(library.shown(path), line, 1, ids[0], told, "warning")


def _prefix(item_id: str) -> str:
    return item_id.split(".", 1)[0]

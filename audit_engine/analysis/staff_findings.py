"""What did staff say that bears on an audit's criteria, survey by survey, and how did that move since the last wave?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from audit_engine.analysis.disclosure import Figure as StaffFigure
from audit_engine.analysis.figures import Figure, Register, collected
from audit_engine.analysis.sentences import Sentence
from audit_engine.analysis.survey import FAVOURABLE
from audit_engine.analysis.triangulation_staff import CONSISTENT, StaffAnswers
from audit_engine.analysis.triangulation_values import SurveyRead, Triangulation
from audit_engine.analysis.triangulation_wording import guard_sentences, overall_sentences
from audit_engine.analysis.wave_change import FigureChange, WaveComparison


@dataclass(frozen=True, slots=True)
class AskedOfStaff:
    """One question: the criteria that it bears on, how many gave an answer that fits, and what moved.

    ``name`` tells it from the others of its survey; ``change`` is None where no
    earlier wave counted the same answers together.
    """

    name: str
    text: str
    fitting: tuple[str, ...]
    figure: StaffFigure
    change: FigureChange | None


@dataclass(frozen=True, slots=True)
class StaffSurvey:
    """A survey that was read; ``then`` and ``now`` name its waves, '' where there is no earlier one."""

    cycle: str
    title: str
    questions: tuple[AskedOfStaff, ...]
    then: str = ""
    now: str = ""


@dataclass(frozen=True)
class StaffFindings:
    """What may be said of staff answers beside an audit; ``waiting`` says why a survey can't be read yet."""

    surveys: tuple[StaffSurvey, ...] = ()
    found: Triangulation | None = None
    sentences: tuple[Sentence, ...] = ()
    waiting: tuple[str, ...] = ()

    def with_figures(self, register: Register) -> Register:
        """Return a register that holds the figures of the sentences too."""
        more: list[Figure] = [figure for sentence in self.sentences for figure in sentence.figures]
        whole = collected([*register, *more])
        return Register(whole.figures, tuple(dict.fromkeys((*register.doubts, *whole.doubts))))


def staff_findings(
    found: Triangulation, waves: Mapping[str, WaveComparison], waiting: Iterable[str] = ()
) -> StaffFindings:
    """Return what staff said of the mapped criteria; ``waves`` has each survey's comparison by its cycle."""
    surveys = tuple(
        survey for read in found.surveys if (survey := _survey(found, read, waves.get(read.cycle))).questions
    )
    sentences = (*overall_sentences(found), *guard_sentences(found)) if surveys else ()
    return StaffFindings(surveys, found if surveys else None, sentences, tuple(waiting))


def _survey(found: Triangulation, read: SurveyRead, waves: WaveComparison | None) -> StaffSurvey:
    questions = tuple(_named(_questions(found, read, waves)))
    labels = (waves.then.label, waves.now.label) if waves is not None else ("", "")
    return StaffSurvey(read.cycle, read.title, questions, *labels)


def _questions(
    found: Triangulation, read: SurveyRead, waves: WaveComparison | None
) -> Iterator[tuple[str, AskedOfStaff]]:
    """Yield each mapped question once, with its id and named by the criteria that it bears on."""
    refs: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    answers: dict[tuple[str, tuple[str, ...]], StaffAnswers] = {}
    for criterion in found.mapped:
        for view in criterion.views:
            if view.view.survey == read.questionnaire and view.answers is not None:
                key = (view.answers.question.id, view.answers.consistent)
                answers[key] = view.answers
                refs.setdefault(key, []).append(criterion.ref)
    for key, said in answers.items():
        name = ", ".join(refs[key])
        yield (
            key[0],
            AskedOfStaff(name, said.question.text, said.wording, said.whole.figure(CONSISTENT), _change(waves, said)),
        )


def _named(questions: Iterable[tuple[str, AskedOfStaff]]) -> Iterator[AskedOfStaff]:
    """Yield the questions, those that bear on the same criteria told apart by their own ids."""
    every = list(questions)
    names = [question.name for _, question in every]
    for item, question in every:
        if names.count(question.name) == 1:
            yield question
        else:
            short = f"{question.name} ({item.split('.', 1)[-1]})"
            yield AskedOfStaff(short, question.text, question.fitting, question.figure, question.change)


def _change(waves: WaveComparison | None, said: StaffAnswers) -> FigureChange | None:
    """Return how the same answers moved: one answer, or all favourable ones where those are the ones that fit."""
    question = next((q for q in waves.questions if q.id == said.question.id), None) if waves is not None else None
    if question is None:
        return None
    favourable = tuple(mark for mark, option in said.question.marks if option.favourable)
    wanted = said.consistent[0] if len(said.consistent) == 1 else FAVOURABLE if said.consistent == favourable else ""
    now = said.whole.figure(CONSISTENT)
    return next(
        (f for f in question.figures if f.id == wanted and (f.now.count, f.now.base) == (now.count, now.base)), None
    )

"""What has changed since the audit before, on the same criteria and the same organisations?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from audit_engine.analysis.change import Comparison, CountsRow, GroupMovement, Movement
from audit_engine.analysis.sentences import Sentence
from audit_engine.reports.blocks import Block, Cell, Chart, Heading, PageBreak, Series, Table, paragraph
from audit_engine.reports.edition import Edition
from audit_engine.reports.wording import (
    NOTE_NOT_APPLICABLE,
    THREE_COUNTS_COLUMNS,
    count,
    counts,
    drawn,
    maybe,
    notes,
    quoted,
    said,
    shows,
    signed,
    three_counts,
)

_STARTS = frozenset({"grades-moved", "not-comparable", "crude"})
_TRANSITIONS = ("Not met", "Partly met", "Met", "Not applicable")


def blocks(edition: Edition) -> tuple[Block, ...]:
    """Return the like-for-like headline, its movement by standard, and how the raw counts fit with it."""
    findings, comparison = edition.findings, edition.findings.comparison
    title = (PageBreak(), Heading("Change since last time", anchor="change"))
    if comparison is None:
        return (*title, paragraph("There is no earlier audit to compare this one with."))
    return (
        *title,
        *_said(findings.change),
        *_headed("What the comparison rests on", "matched-sets", _matched(comparison), _missing(comparison)),
        *_headed("Change by standard", "change-by-standard", _by_standard(comparison)),
        *_headed(
            "How ratings moved", "how-ratings-moved",
            _transitions(comparison), _grades(comparison), _panels(comparison),
        ),
        *_headed("Ways of counting", "ways-of-counting", _three_counts(comparison)),
        *_headed("How the raw counts fit together", "raw-counts", _reconciliation(comparison)),
    )  # fmt: skip


def _headed(title: str, anchor: str, *parts: Sequence[Block]) -> tuple[Block, ...]:
    """Return parts under a heading of their own, nothing where there are none."""
    found = tuple(block for part in parts for block in part)
    return (Heading(title, 2, anchor), *found) if found else ()


def _said(sentences: Sequence[Sentence]) -> Iterator[Block]:
    """Yield what is said in short paragraphs: the change, how far it reaches, what is left out, the raw counts."""
    some: list[Sentence] = []
    for sentence in sentences:
        if some and sentence.pattern.id in _STARTS:
            yield from said(*some)
            some = []
        some.append(sentence)
    yield from said(*some)


def _matched(comparison: Comparison) -> tuple[Block, ...]:
    matched = comparison.matched
    then, now = comparison.baseline.version, comparison.current.version
    table = Table(
        "matched",
        f"What could be matched between {then} and {now}",
        ("What", then, now),
        (
            (Cell("Organisations in scope"), *counts(matched.in_scope_then, matched.in_scope_now)),
            (Cell("Organisations that returned"), *counts(matched.returned_then, matched.returned_now)),
            (Cell("Organisations that returned both"), *counts(matched.organisations, matched.organisations)),
            *_areas(comparison),
            (Cell("Criteria"), *counts(matched.criteria_then, matched.criteria_now)),
            (Cell("Criteria with the same meaning in both"), *counts(matched.criteria, matched.criteria)),
        ),
        widths=(0.6, 0.2, 0.2),
    )
    return shows(table.id, "how many organisations and criteria the like-for-like figures rest on"), table


def _areas(comparison: Comparison) -> tuple[tuple[Cell, ...], ...]:
    """Return the row of those that work in several areas, so that nobody is thought to be counted twice."""
    joint = comparison.joint
    if joint is None:
        return ()
    return ((Cell("Of these, in more than one area, each counted once"), *counts(joint.in_several, joint.in_several)),)


def _missing(comparison: Comparison) -> tuple[Block, ...]:
    bounds = comparison.bounds
    if not bounds.missing:
        return ()
    standards = tuple(
        (quoted(group.title), count(group.bounds.missing), signed(group.movement.net),
         signed(group.bounds.low), signed(group.bounds.high))
        for group in comparison.by_standard if group.bounds is not None
    )  # fmt: skip
    table = Table(
        "missing-returns",
        "What missing returns could change",
        ("Set", "Missing", "Net", "At least", "At most"),
        (
            (
                Cell("Organisations in scope both times"),
                count(bounds.missing),
                signed(comparison.headline.net),
                signed(bounds.low),
                signed(bounds.high),
            ),
            *standards,
        ),
        widths=(0.44, 0.14, 0.14, 0.14, 0.14),
        notes=(
            "Net: on the returns that were made. At least and at most: whatever the missing returns would have said. "
            "Where one end is above nothing and the other is not, it cannot be stated whether the number rose or fell.",
        ),
    )
    return shows(table.id, "between which ends the net change would lie with every return"), table


def _by_standard(comparison: Comparison) -> tuple[Block, ...]:
    groups = comparison.by_standard
    if not groups:
        return ()
    table = _movement_table(comparison, groups)
    introduction = shows(table.id, "how judgements moved on the same criteria and organisations, by standard")
    paired = tuple(group for group in groups if group.movement.pairs)
    if not paired:
        return (introduction, table)
    dumbbell, bars = _then_and_now(comparison, paired), _gained_and_lost(comparison, paired)
    return (
        introduction,
        table,
        drawn(dumbbell.id, "judgements met in both audits"),
        dumbbell,
        drawn(bars.id, "judgements gained and lost"),
        bars,
    )


def _movement_table(comparison: Comparison, groups: tuple[GroupMovement, ...]) -> Table:
    then, now = comparison.baseline.version, comparison.current.version
    rows = tuple((quoted(g.title), *_moved(g.movement), *counts(g.criteria, g.organisations)) for g in groups)
    whole = (
        Cell("All standards"),
        *_moved(comparison.headline),
        *counts(comparison.matched.criteria, comparison.matched.organisations),
    )
    return Table(
        "like-for-like",
        f"Judgements met, {then} and {now}, like for like",
        ("Standard", "Pairs", f"Met {then}", f"Met {now}", "Gained", "Lost", "Net", "Criteria", "Matched"),
        (*rows, whole),
        widths=(0.4, 0.07, 0.07, 0.07, 0.08, 0.07, 0.07, 0.08, 0.09),
        notes=(
            "Like for like: criteria whose meaning is the same in both audits, and organisations that returned both. "
            "Pairs: judgements rated both times. Gained: met now, not met or partly met then. Lost: the reverse. "
            "Matched: organisations that returned both audits.",
        ),
        total=("Pairs", f"Met {then}", f"Met {now}", "Gained", "Lost", "Net"),
    )


def _moved(movement: Movement) -> tuple[Cell, ...]:
    numbers = (movement.pairs, movement.met_then, movement.met_now, movement.gained, movement.lost)
    return (*counts(*numbers), signed(movement.net))


def _then_and_now(comparison: Comparison, groups: tuple[GroupMovement, ...]) -> Chart:
    then, now = comparison.baseline.version, comparison.current.version
    rise = max(groups, key=lambda group: group.movement.net)
    fall = min(groups, key=lambda group: group.movement.net)
    alt = [f"Dumbbell chart of judgements met, {then} and {now}, same organisations and criteria."]
    if not comparison.matched.enough:  # then nothing is said of rise or fall
        rise = fall = GroupMovement("", "", 0, 0, Movement())
    if rise.movement.net > 0:
        alt.append(f"Largest rise {rise.title}, {rise.movement.met_then} to {rise.movement.met_now}.")
    if fall.movement.net < 0:
        alt.append(f"Largest fall {fall.title}, {fall.movement.met_then} to {fall.movement.met_now}.")
    return Chart(
        "change-chart",
        f"Judgements met, {then} and {now}, by standard",
        "dumbbell",
        tuple(group.title for group in groups),
        (
            Series(then, tuple(float(group.movement.met_then) for group in groups)),
            Series(now, tuple(float(group.movement.met_now) for group in groups)),
        ),
        " ".join(alt),
        axis="Judgements met",
        base="judgements rated in both audits",
        source=f"{comparison.baseline.title} and {comparison.current.title}",
        table="like-for-like",
        category_heading="Standard",
    )


def _gained_and_lost(comparison: Comparison, groups: tuple[GroupMovement, ...]) -> Chart:
    nets = [group.movement.net for group in groups]
    return Chart(
        "movement-chart",
        "Judgements gained and lost, by standard",
        "diverging",
        tuple(group.title for group in groups),
        (
            Series("Lost", tuple(float(group.movement.lost) for group in groups)),
            Series("Gained", tuple(float(group.movement.gained) for group in groups)),
        ),
        f"Bars to both sides: judgements lost to the left, gained to the right, by standard. "
        f"Net change ranges from {min(nets)} to {max(nets)}.",
        axis="Judgements",
        base="judgements rated in both audits",
        source=f"{comparison.baseline.title} and {comparison.current.title}",
        table="like-for-like",
        category_heading="Standard",
    )


def _transitions(comparison: Comparison) -> tuple[Block, ...]:
    if not comparison.transitions:
        return ()
    then, now = comparison.baseline.version, comparison.current.version
    rows = tuple(
        (Cell(name), *counts(*row, sum(row))) for name, row in zip(_TRANSITIONS, comparison.transitions, strict=True)
    )
    table = Table(
        "transitions",
        f"Ratings in {then} and in {now}, like for like",
        (f"Rated in {then}", *(f"{name} in {now}" for name in _TRANSITIONS), "All"),
        rows,
        widths=(0.22, 0.16, 0.16, 0.14, 0.2, 0.12),
        sums=(("All", tuple(f"{name} in {now}" for name in _TRANSITIONS)),),
    )
    return shows(table.id, "what each rating became"), table


def _grades(comparison: Comparison) -> tuple[Block, ...]:
    """Return how met and partly met moved, and how many judgements went up, stayed and went down."""
    moved, (up, stayed, down) = comparison.headline, comparison.grades_moved
    if not moved.pairs:
        return ()
    then, now = comparison.baseline.version, comparison.current.version
    grades = Table(
        "met-and-partly",
        f"Met and partly met, {then} and {now}, like for like",
        ("Rating", then, now, "Gained", "Lost", "Net"),
        (
            (Cell("Met"), *counts(moved.met_then, moved.met_now, moved.gained, moved.lost), signed(moved.net)),
            (
                Cell("Partly met"),
                *counts(moved.partly_then, moved.partly_now, moved.partly_gained, moved.partly_lost),
                signed(moved.partly_net),
            ),
        ),
        widths=(0.3, 0.14, 0.14, 0.14, 0.14, 0.14),
    )
    ways = Table(
        "grades-moved",
        "Judgements that went up, stayed and went down",
        ("Judgements", "Up", "Same", "Down"),
        ((Cell("Rated both times, like for like"), *counts(up, stayed, down)),),
        widths=(0.49, 0.17, 0.17, 0.17),
        notes=("Up and down: by one grade or two, from not met over partly met to met.",),
    )
    return (
        shows(grades.id, "how the ratings met and partly met moved"), grades,
        shows(ways.id, "how many judgements went up, stayed and went down"), ways,
    )  # fmt: skip


def _panels(comparison: Comparison) -> tuple[Block, ...]:
    """Return what panels looked at, where that differs between the audits."""
    seen = comparison.moderated
    if seen is None or not seen.differs:
        return ()
    then, now = comparison.baseline.version, comparison.current.version
    nothing = tuple(maybe(None) for _ in range(5))
    table = Table(
        "looked-at",
        "Judgements that panels looked at, like for like",
        ("Judgements", "Number", f"Met {then}", f"Met {now}", "Gained", "Lost", "Net"),
        (
            (Cell(f"Looked at in {then}"), count(seen.then), *nothing),
            (Cell(f"Looked at in {now}"), count(seen.now), *nothing),
            (Cell("Looked at both times"), *_moved(seen.both)),
        ),
        widths=(0.34, 0.11, 0.11, 0.11, 0.11, 0.11, 0.11),
        notes=(NOTE_NOT_APPLICABLE,),
    )
    return shows(table.id, "how far final ratings rest on panels in each audit"), table


def _three_counts(comparison: Comparison) -> tuple[Block, ...]:
    rows = tuple(
        (Cell(_scope(row)), Cell(year, quoted=True), *three_counts(three))
        for row in comparison.counts
        for year, three in (
            (comparison.baseline.version, row.then),
            (comparison.current.version, row.now),
        )
    )
    table = Table(
        "three-counts",
        "Three ways of counting criteria met",
        ("Set", "Audit", *THREE_COUNTS_COLUMNS),
        rows,
        widths=(0.39, 0.09, 0.09, 0.09, 0.11, 0.11, 0.12),
        notes=notes(
            rows,
            "Met: judgements met. Of: judgements that apply. Met by all: criteria met by every organisation to which "
            "they apply. Only sets marked comparable may be compared between audits.",
        ),
    )
    return shows(table.id, "how many criteria are met in each of three readings, on each set"), table


def _scope(row: CountsRow) -> str:
    return f"{row.label} ({'comparable' if row.comparable else 'not comparable'})"


def _reconciliation(comparison: Comparison) -> tuple[Block, ...]:
    account, nothing = comparison.reconciliation, Cell("[z]", number=True)
    then, now = comparison.baseline.version, comparison.current.version
    lines = tuple((Cell(line.label), *counts(line.added, line.taken), signed(line.net)) for line in account.lines)
    rows = (
        (Cell(f"All judgements met in {then}"), nothing, nothing, count(account.met_then)),
        *lines,
        (Cell(f"All judgements met in {now}"), nothing, nothing, count(account.met_now)),
    )
    table = Table(
        "reconciliation",
        f"From the raw count of {then} to that of {now}",
        ("What changed", "Added", "Taken away", "Net"),
        rows,
        widths=(0.55, 0.14, 0.17, 0.14),
        notes=notes(rows),
    )
    return shows(table.id, "how the raw count of one audit becomes that of the other; the lines add up"), table

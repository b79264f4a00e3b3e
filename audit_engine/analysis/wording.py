"""Which sentences may the engine write about ratings of organisations?

Patterns only, each with slots that figures, names and references fill.  The
verdict words are those of methods section 6 and no others.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from audit_engine.analysis.sentences import Pattern, Sentence, Slot

# Words that claim more than a count shows, or a cause; "most" would need its own base (methods section 13.1).
BANNED = (
    "significant", "significantly", "improved", "worsened", "trend", "most", "majority", "no change", "proves",
    "all staff", "because of", "due to", "caused",
)  # fmt: skip

_WORDS: Mapping[str, str] = {
    # Who took part
    "returns": "{k} of {n} {n:organisation|organisations} in scope returned the audit.",
    "returns-by": "{k} of {n} {n:organisation|organisations} in scope returned the audit by {day}.",
    "not-returned": "{r} did not: {names}.",
    "returns-late": "{late} of those that returned did so late: {names}.",
    # Ratings
    "overall": "{k} of {n} judgements were met ({share}); {p} were partly met and {q} not met.",
    "overall-blanks": "{k} of the {n} judgements given were met ({share}); {k} of {m} ({strict}) if blanks are counted "
    "as not met.",
    "overall-none": "No criterion of this standard applied to an organisation that returned.",
    "met-by-all": "{a} of {c} {c:criterion was|criteria were} met by every organisation to which {c:it applies|they "
    "apply}.",
    "graded": "Of the {n} {n:organisation|organisations} with a grade, {k} met the standard as a whole.",
    "strengths": "{c!w} {c:criterion was|criteria were} met by at least {share} of those to which {c:it applies|they "
    "apply}: {refs}.",
    "gaps": "{c!w} {c:criterion was|criteria were} met by fewer than {share} of those to which {c:it applies|they "
    "apply}, or {c:is|are} critical and not met somewhere: {refs}.",
    "confirmed": "{c} of {n} ratings were confirmed unchanged since the last audit, without new commentary.",
    "level-self": "{k} of the {n} {n:organisation|organisations} to which it applies rated {n:itself|themselves} as "
    "meeting criterion {ref}; {p} partly met it and {q} did not.",
    "level-final": "{k} of the {n} {n:organisation|organisations} to which it applies {k:was|were} rated as meeting "
    "criterion {ref}; {p} partly met it and {q} did not.",
    "level-incomplete": "Of the {n} {n:organisation|organisations} that answered, {k} met criterion {ref}. Counting "
    "all {all}, the true figure lies between {k} and {top}.",
    "level-none": "Criterion {ref} applied to no organisation that returned.",
    "moderation": "Panels looked at {m} {m:judgement|judgements}: {a} unchanged, {d} lowered, {u} raised.",
    "moderation-scope": "Panels looked at {m} {m:judgement|judgements}: {a} unchanged, {d} lowered, {u} raised, {x} "
    "made applicable or not applicable.",
    # Change
    "change-rose": "Across the same {o} {o:organisation|organisations} and {c} {c:criterion|criteria}, {b} of {n} "
    "judgements were met in {now} compared with {a} in {then}: {g} gained and {l} lost, a net rise of {net!a}.",
    "change-fell": "Across the same {o} {o:organisation|organisations} and {c} {c:criterion|criteria}, {b} of {n} "
    "judgements were met in {now} compared with {a} in {then}: {g} gained and {l} lost, a net fall of {net!a}.",
    "change-same": "Across the same {o} {o:organisation|organisations} and {c} {c:criterion|criteria}, the number of "
    "judgements met was the same in both years, {b} of {n} ({g} gained, {l} lost).",
    "change-nothing": "No organisation rated the same criterion both times, so a change cannot be stated.",
    "cannot-be-stated": "Whether the number rose or fell for all organisations in scope both times cannot be stated "
    "because {r} {r:return is|returns are} missing: the net change could lie between {low} and {high}.",
    "not-enough-matched": "The matched organisations are {o} of {in_then} in {then} and {o} of {in_now} in {now}. That "
    "is under {floor}, so a change is not stated.",
    "holds": "This holds whatever the {r} missing {r:return|returns} would have said: the net change lies between "
    "{low} and {high}.",
    "not-comparable": "{j!w} {j:criterion was|criteria were} new or changed in meaning and {j:is|are} not part of this "
    "comparison.",
    "gone": "{d!w} earlier {d:criterion was|criteria were} dropped, folded into {d:another|others} or moved.",
    "second-table": "Where the meaning widened or narrowed, {b} of {n} judgements were met in {now} and {a} in {then}; "
    "these are counted apart.",
    "concentration": "{m} of the {g} {g:gain|gains} came from {c!w} {c:organisation|organisations}.",
    "crude": "Over all organisations and all criteria of each year, {a} of {n_then} judgements were met in {then} and "
    "{b} of {n_now} in {now}; these two figures are not comparable.",
    "grades-moved": "Of the {n} judgements rated both times, {u} went up by a grade or two, {s} stayed and {d} went "
    "down.",
    "joint-returns": "{k} of the {o} matched organisations {k:works|work} in more than one area; each is counted once.",
    "moderated-both": "Panels looked at {x_then} of the {n} judgements in {then} and at {x_now} in {now}. On the {p} "
    "that panels looked at both times, {b} {b:was|were} met in {now} compared with {a} in {then}.",
    "moderated-not-both": "Panels looked at {x_then} of the {n} judgements in {then} and at {x_now} in {now}, and at "
    "none of them both times, so a part of any change in final ratings may come from the panels.",
    "reorganised": "Matched organisations: {o} of {in_now}. Organisations that merged, divided or changed their "
    "boundaries are not compared: each has a closing figure for {then} or an opening one for {now}.",
    # Three audits
    "linked": "The share met changed by {d_one} percentage points from {first} to {second} ({a_one} to {b_one} of "
    "{n_one} judgements) and by {d_two} from {second} to {third} ({a_two} to {b_two} of {n_two}). Linked, that is "
    "{d} percentage points; the links rest on different criteria and organisations.",
    "linked-broken": "The three audits cannot be linked, because in one link no organisation rated the same criterion "
    "both times.",
    "linked-direct": "On what stayed the same from {first} to {third}, {b} of {n} judgements were met in {third} "
    "compared with {a} in {first}.",
    # The verdict on a change, in the few words of a table
    "verdict-rose": "rose by {net!a}",
    "verdict-fell": "fell by {net!a}",
    "verdict-same": "was the same in both years ({g} gained, {l} lost)",
    "verdict-cannot-be-stated": "cannot be stated because {r} {r:return is|returns are} missing",
    "verdict-not-enough-matched": "is not stated because under {floor} of the organisations are matched",
    "verdict-nothing-to-compare": "cannot be stated because nothing can be compared",
    # The plan's measures
    "measure": "Measure: {title}.",
    "measure-rose": "On the like-for-like set the number rose: {a} to {b} of {n}.",
    "measure-fell": "On the like-for-like set the number fell: {a} to {b} of {n}.",
    "measure-same": "On the like-for-like set the number was the same: {a} and {b} of {n}.",
    "achieved": "Achieved.",
    "not-achieved": "Not achieved.",
    "share-moved-otherwise": "Not achieved: the share met did not move the same way ({x_then} of {n_then}, then "
    "{x_now} of {n_now}).",
    "other-baseline": "It cannot be judged, because the measure is defined against another audit.",
    "other-basis": "It cannot be judged, because the measure is defined on ratings of another kind.",
    "one-area": "It cannot be judged, because only one area's ratings were read.",
    "no-pairs": "It cannot be judged, because no organisation rated the same criterion both times.",
    "too-few-matched": "It cannot be judged, because under {floor} of the organisations could be matched.",
    "returns-missing": "It cannot be judged, because {r} {r:return is|returns are} missing: the net change could lie "
    "between {low} and {high}.",
    # Always
    "limits": "Ratings are self-reported unless marked moderated.",
}
PATTERNS: Mapping[str, Pattern] = MappingProxyType({name: Pattern(name, words) for name, words in _WORDS.items()})


def say(pattern: str | Pattern, **slots: Slot) -> Sentence:
    """Fill a pattern, given or by name."""
    return Sentence(PATTERNS[pattern] if isinstance(pattern, str) else pattern, tuple(slots.items()))

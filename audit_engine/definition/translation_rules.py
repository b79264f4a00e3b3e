"""Are the languages of a file named, and is every text there in each of them?"""

from __future__ import annotations

from audit_engine.definition.loading import Path
from audit_engine.definition.manuscript import Manuscript
from audit_engine.definition.nearest import listed
from audit_engine.definition.translated import ENGLISH, Translated

_MOST_NAMED = 3


def check_languages(manuscript: Manuscript) -> None:
    """Log translations into a language that the file does not name, and warn of texts not translated."""
    from audit_engine.definition.shape import questionnaire_shape, texts_in  # marshmallow is slow to import

    languages = manuscript.keys.get("languages", (ENGLISH,))
    if ENGLISH not in languages:
        manuscript.fault(("languages",), "English must be among the languages. Add “en”.")
    missing: dict[str, list[Path]] = {}
    for path, text in texts_in(questionnaire_shape(), manuscript.keys):
        others = text.others if isinstance(text, Translated) else {}
        for language in (one for one in others if one not in languages):
            told = f"This is in “{language}”, which the file does not name. Add it to “languages”."
            manuscript.fault((*path, language), told)
        for language in (one for one in languages if one != ENGLISH and one not in others):
            missing.setdefault(language, []).append(path)
    for language, paths in missing.items():
        more = [f"{len(paths) - _MOST_NAMED} more"] if len(paths) > _MOST_NAMED else []
        named = listed([*(manuscript.file.where(path) for path in paths[:_MOST_NAMED]), *more])
        count = "1 text is" if len(paths) == 1 else f"{len(paths)} texts are"
        manuscript.warn(("languages",), f"{count} not in “{language}” and will be shown in English: {named}.")

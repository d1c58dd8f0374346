"""The words of a participant's sheet: one file for each language in the folder ``languages``."""

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from planner.errors import PlannerError, did_you_mean


class Translations(NamedTuple):
    """The texts of one language by key; those of a group as `kinds.dosing`.

    ``code`` is the language, with its region where one was asked for: `en-US`; ``region`` is that
    alone, a country's code (ISO 3166-1).
    """

    code: str
    texts: Mapping[str, str]
    region: str | None = None

    def say(self, key: str, **values: str) -> str:
        """A text with its places filled in; what fills them is never read as a text itself."""
        return self.texts[key].format(**values) if values else self.texts[key]


def language_codes() -> list[str]:
    """The languages there are: those that have a file."""
    names = (entry.name for entry in files(__package__).joinpath("languages").iterdir())
    return sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml"))


@lru_cache(maxsize=8)
def words(code: str) -> Translations:
    """The words of a language.

    Args:
        code: such as `en`, or with a region whose dates, times and paper are meant, `en-US`.

    Raises:
        PlannerError: there is no such language; names those there are. Or the region is none.
    """
    known = language_codes()
    language, dash, region = code.partition("-")
    if language in known and dash:
        if not re.fullmatch("[A-Z]{2}", region):
            raise PlannerError(
                f"language: `{code[:40]}`: a region is the code of a country in two capital"
                f" letters, as in `{language}-US`"
            )
        return words(language)._replace(code=code, region=region)
    if code not in known:
        hint = did_you_mean(code, known, before="; ")
        raise PlannerError(f"language: `{code[:40]}` is none of {', '.join(known)}{hint}")
    import yaml

    path = files(__package__).joinpath("languages", f"{code}.yaml")
    return Translations(code, _flat(yaml.safe_load(path.read_text(encoding="utf-8"))))


def _flat(tree: Mapping[str, object], before: str = "") -> dict[str, str]:
    texts: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, dict):
            texts |= _flat(value, f"{before}{key}.")
        else:
            texts[f"{before}{key}"] = str(value)
    return texts

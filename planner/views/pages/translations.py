"""The words of a participant's sheet: one file for each language in the folder ``languages``."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from planner.errors import PlannerError, did_you_mean


class Translations(NamedTuple):
    """The texts of one language by key; those of a group as `kinds.dosing`."""

    code: str
    texts: Mapping[str, str]

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

    Raises:
        PlannerError: there is no such language; names those there are.
    """
    known = language_codes()
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

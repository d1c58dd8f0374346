"""Checks of the scope family: no amounts, no personal data."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from planner.checks.entries import owner
from planner.checks.finding import Finding
from planner.checks.framework import check
from planner.checks.subject import Subject
from planner.protocol.amounts import AMOUNT
from planner.protocol.document import Path, Position


class _Text(NamedTuple):
    path: Path
    text: str


def _texts(subject: Subject) -> tuple[list[_Text], str]:
    """Every text of the file, keys too, but labels of arms and identifiers; and all in one."""
    found: list[_Text] = []
    waiting: list[tuple[Path, object]] = [((), subject.file.document.data)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str):
            found.append(_Text(path, value))
        elif isinstance(value, list):
            waiting += [((*path, n), part) for n, part in enumerate(value)]
        elif isinstance(value, dict):
            # Labels and identifiers stand near the top; below, nothing is left out.
            is_deep = len(path) >= 3
            for key, part in value.items():
                here = (*path, key)
                if is_deep or not (_is_label(here) or _is_identifier(here)):
                    found.append(_Text(here, key))
                    waiting.append((here, part))
    return found, "\n".join(text for _, text in found)


def _is_label(path: Path) -> bool:
    return len(path) == 3 and path[0] == "arms" and path[2] in ("label", "periods")


def _is_identifier(path: Path) -> bool:
    # `registry` is also what many files call a source: what that says is text like any other.
    if path[0] == "sources":
        return len(path) == 3 and path[2] in ("doi", "url")
    return path == ("registry",)


def _matches(subject: Subject, pattern: str) -> Iterator[tuple[_Text, str]]:
    """The texts that match, each place in the file once, though aliases repeat it."""
    texts, everything = subject.once(_texts)
    seen: set[tuple[str, Position]] = set()
    # Most files have nothing to find, and one long text is searched much faster than many short.
    for text in texts if re.search(pattern, everything) else ():
        match = re.search(pattern, text.text)
        if match is not None:
            place = (match[0], subject.file.position(text.path))
            if place not in seen:
                seen.add(place)
                yield text, match[0].strip()


@check(
    "amount-outside-label",
    "error",
    "an amount outside an arm's label",
    what="A number with a unit of mass, volume or activity (`25 mg`, `10 µg`, `0.2 mg/kg`, `5 ml`)"
    " anywhere but in the `label:` or `periods:` of an arm: in a title, a note, a footnote, a"
    " condition, a run sheet or an id. A concentration in blood (`60 mg/dL`) is a finding of a"
    " laboratory and no amount.",
    why="Amounts are what a publication says of an arm, in its own words. Everything else appears"
    " in timelines and calendars, where an amount would unblind, or could be taken for advice.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, title: Session with 25 mg, after: {visit: baseline, within: 1w}}
""",
    good="""\
arms:
  - {id: active, label: 25 mg}
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, title: Session, after: {visit: baseline, within: 1w}}
""",
)
def _amount_outside_label(subject: Subject) -> Iterator[Finding]:
    for (path, _), amount in _matches(subject, AMOUNT):
        message = f"`{amount}` is an amount; amounts stand only in an arm's label"
        hint = "leave it out here; the publication's words go into `label:` of the arm"
        about = (owner(subject, path),)
        yield Finding("amount-outside-label", "error", message, path, hint, (), about)


# Each pattern begins with a character or a set of them: so is searching for it fastest, and what
# must not stand before that character is looked for behind it.
_PERSONAL = (
    ("an e-mail address", r"@(?<=[\w.+-]@)[\w-]+\.\w+"),
    ("a telephone number", r"\+\d[\d ()/.-]{6,16}\d"),
    ("a telephone number", r"[TtPpMmFf](?<!\w.)(?:el|hone|obile|ax)\b[.:]* *\d[\d ()/.-]{4,}"),
    ("a telephone number", r"\d{3}(?<![\d-]\d{3})\)?[ -]\d{3}-\d{4}(?![\w-])"),
    ("a telephone number", r"0(?<![\w/.-]0)\d{2,4}[ /-]\d{5,8}(?![\w-])"),
    (
        "a date of birth",
        r"[BbDdGg](?<!\w.)(?:orn\b|ob\b|OB\b|ate of birth|irth ?date|eb\.|eboren)[^.\n]{0,20}\d",
    ),
    (
        "the name of a person",
        r"[DFHMP](?<!\w.)(?:rs?|s|x|rof|err|rau)\b\.?(?: [A-Z]\.)* +[A-Z]\w+(?: [A-Z]\w+)?",
    ),
)


@check(
    "personal-data",
    "warning",
    "text that looks like personal data",
    what="An e-mail address, a telephone number, a date of birth or a name with its form of"
    " address, anywhere but in the title of a source.",
    why="A protocol file is about a study and is passed on to many; people have no place in it."
    " Participants have codes, staff have roles.",
    bad="footnotes:\n  contact: Ask Dr. Jane Miller about the last visit.\n",
    good="footnotes:\n  contact: Ask the therapist about the last visit.\n",
)
def _personal_data(subject: Subject) -> Iterator[Finding]:
    for what, pattern in _PERSONAL:
        for (path, _), found in _matches(subject, pattern):
            if path[:1] == ("sources",) and path[2:] in (("title",), ("id",)):
                continue
            message = f"`{found}` looks like {what}"
            hint = "write a role or a code instead"
            about = (owner(subject, path),)
            yield Finding("personal-data", "warning", message, path, hint, (), about)

"""Checks of the evidence family: what statements cite, and whether their grade can be right."""

from collections.abc import Iterator

from planner.checks.citations import Citation, citations, known_sources, name_of
from planner.checks.finding import Finding
from planner.checks.framework import check
from planner.checks.subject import Subject
from planner.protocol.evidence import Stated
from planner.protocol.model import Arm, Constraint, Cycle, Track
from planner.protocol.visit import Duration, Overnight, Staffing, Timing, Visit

_NAMED: tuple[tuple[type[Stated], str], ...] = (
    (Timing, "timing"),
    (Duration, "duration"),
    (Overnight, "stay"),
    (Staffing, "staffing"),
    (Visit, "visit"),
)
_MUST_CITE = (Timing, Duration, Overnight, Staffing, Visit, Constraint, Track, Arm, Cycle)


@check(
    "no-sources",
    "error",
    "a published protocol without any source",
    what="A protocol of status `published` in which nothing cites a source.",
    why="It claims to be the schedule of a real study and gives nobody the means to look it up.",
    bad="""\
status: published
sources: {}
source: []
""",
    good="""\
status: published
sources:
  paper: {kind: trial-paper, read: abstract}
source: paper
""",
)
def _no_sources(subject: Subject) -> Iterator[Finding]:
    if subject.protocol.status != "published":
        return
    if not any(one.sources for one in subject.once(citations)):
        message = "nothing in this published protocol cites a source"
        hint = "declare `sources:` and cite them with `source:`, at the top or line by line"
        yield Finding("no-sources", "error", message, ("status",), hint)


@check(
    "cites-nothing",
    "warning",
    "a statement that cites nothing",
    what="A visit, timing, duration, stay, staffing, arm, cycle, constraint or track that cites no"
    " source, and neither does the visit, epoch or protocol that holds it. One finding per visit;"
    " one for the file where nothing in it cites anything.",
    why="A number without a source cannot be checked, and looks as sure as one that was read.",
    bad="""\
source: []
constraints:
  - {from: baseline, to: endpoint, within: ..10w}
""",
    good="""\
constraints:
  - {from: baseline, to: endpoint, within: ..10w, source: assumption, grade: assumed}
""",
)
def _cites_nothing(subject: Subject) -> Iterator[Finding]:
    found = [one for one in subject.once(citations) if isinstance(one.statement, _MUST_CITE)]
    bare = [one for one in found if not one.sources]
    if not bare:
        return
    if len(bare) == len(found):
        if subject.protocol.status != "published":
            message = "nothing in this file cites a source"
            hint = "declare `sources:` and cite them, if only one of kind `general-knowledge`"
            yield Finding("cites-nothing", "warning", message, ("id",), hint)
        return
    groups: dict[object, list[Citation]] = {}
    for one in bare:
        groups.setdefault(one.path[:4] if one.path[0] == "epochs" else one.path, []).append(one)
    for group in groups.values():
        names = _kinds(group)
        whose = f"`{group[0].owner}`" if group[0].owner else name_of(group[0])
        what = f"{whose}: {names}" if names else name_of(group[0])
        verb = "cites" if names.count(",") == 0 and " and " not in names else "cite"
        message = f"{what} {verb} no source"
        about = (group[0].owner,) if group[0].owner else ()
        yield Finding("cites-nothing", "warning", message, group[0].path, about=about)


def _kinds(group: list[Citation]) -> str:
    words = [word for kind, word in _NAMED if any(isinstance(one.statement, kind) for one in group)]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


@check(
    "no-grade",
    "note",
    "a statement that cites without a grade",
    what="A statement that cites a source, but neither it nor what holds it says how sure it is:"
    " `verified`, `secondary`, `derived`, `assumed`, `unverified` or `retracted`. One finding per"
    " visit; one for the file where nothing in it has a grade.",
    why="A source that is named can support a statement word for word, or hardly at all.",
    bad="""\
sources:
  paper: {kind: trial-paper, read: abstract}
source: []
grade: null
tracks:
  - {id: diary, from: dosing, times: 7, source: paper}
""",
    good="""\
sources:
  paper: {kind: trial-paper, read: abstract}
source: []
grade: null
tracks:
  - {id: diary, from: dosing, times: 7, source: paper, grade: verified}
""",
)
def _no_grade(subject: Subject) -> Iterator[Finding]:
    cited = [one for one in subject.once(citations) if one.sources]
    bare = [one for one in cited if one.grade is None]
    hint = "say how sure it is with `grade:`"
    if cited and len(bare) == len(cited):
        message = "nothing in this file says how sure it is"
        yield Finding("no-grade", "note", message, bare[0].path or ("source",), hint)
        return
    told = set()
    for one in bare:
        place = one.path[:4] if one.path[:1] == ("epochs",) else one.path[:2]
        if place not in told:
            told.add(place)
            about = (one.owner,) if one.owner else ()
            message = f"{name_of(one)} cites {_quoted(one.sources)} without a grade"
            yield Finding("no-grade", "note", message, one.path, hint, (), about)


def _quoted(keys: tuple[str, ...]) -> str:
    return ", ".join(f"`{key}`" for key in keys)


@check(
    "derived-without-arithmetic",
    "warning",
    "a derived statement that does not show how",
    what="A statement of grade `derived` whose note has no number in it.",
    why="What is derived can be checked only if the derivation is there: 10w - 2 x 4w = 2w.",
    bad="""\
constraints:
  - {from: baseline, to: endpoint, within: ..10w, grade: derived}
""",
    good="""\
constraints:
  - {from: baseline, to: endpoint, within: ..10w, grade: derived, note: 3w + 6w + 1w = 10w}
""",
)
def _derived_without_arithmetic(subject: Subject) -> Iterator[Finding]:
    for one in subject.once(citations):
        shown = any(letter.isdigit() for letter in one.statement.note or "")
        if one.statement.grade == "derived" and not shown:
            message = f"{name_of(one)} is graded `derived`, but no note shows the arithmetic"
            hint = "add a `note:` such as `18w - 8w = 10w`"
            about = (one.owner,) if one.owner else ()
            path = (*one.path, "grade")
            yield Finding("derived-without-arithmetic", "warning", message, path, hint, (), about)


@check(
    "verified-second-hand",
    "warning",
    "a verified statement that rests on nothing read at first hand",
    what="A statement of grade `verified` all of whose sources were read only in another text"
    " (`secondary`) or not at all.",
    why="`verified` means that someone read it in the text itself.",
    bad="""\
sources:
  paper: {kind: trial-paper, read: secondary}
source: paper
grade: verified
""",
    good="""\
sources:
  paper: {kind: trial-paper, read: secondary}
source: paper
grade: secondary
""",
)
def _verified_second_hand(subject: Subject) -> Iterator[Finding]:
    for one in subject.once(citations):
        if not (one.statement.source or one.statement.grade) or not is_second_hand(subject, one):
            continue
        read = {source.read for source in known_sources(subject, one)}
        how = "not read" if read == {"not-read"} else "read only in another text"
        number = "was" if len(one.sources) == 1 else "were"
        message = f"{name_of(one)} is graded `verified`, but {_quoted(one.sources)} {number} {how}"
        about = (one.owner,) if one.owner else ()
        path = (*one.path, "grade")
        hint = "grade it `secondary` or `unverified`, or say how far the source was read"
        yield Finding("verified-second-hand", "warning", message, path, hint, (), about)


def is_second_hand(subject: Subject, citation: Citation) -> bool:
    """Whether a statement counts as verified while none of its sources was read itself."""
    sources = known_sources(subject, citation)
    return (
        citation.grade == "verified"
        and bool(sources)
        and all(source.read in ("secondary", "not-read") for source in sources)
    )

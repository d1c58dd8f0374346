"""The checks: which there are, what each is about, and protocol files examined by them."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from planner.errors import PlannerError, argument, did_you_mean

if TYPE_CHECKING:
    from planner.api.inputs import ProtocolSource, StrPath
    from planner.checks.framework import Check, Checks
    from planner.checks.report import FileReport
    from planner.formats.record_names import RecordNames

_LISTED = "`planner rules` lists them"


def list_checks(family: str | None = None) -> "Checks":
    """Every check with its severity and its page, family by family.

    Args:
        family: only the checks of this one, such as `time`; all when ``None``.

    Raises:
        PlannerError: there is no such family; names the nearest.
    """
    from planner.api.inputs import optional_text
    from planner.checks.framework import Checks
    from planner.formats.checks import families, load_checks

    known = families()
    if optional_text(family, "family", "the name of a family") not in (None, *known.values()):
        hint = did_you_mean(str(family), set(known.values())) or _LISTED
        raise PlannerError(f"there is no family `{str(family)[:60]}`; {hint}")
    chosen = load_checks(name for name, its in known.items() if family in (None, its))
    return Checks(chosen.values())


def find_check(check: str) -> "Check":
    """One check: what it finds, why that matters, and two examples.

    Args:
        check: its id, such as `unknown-id`.

    Raises:
        PlannerError: there is no such check; names the nearest.
    """
    from planner.api.inputs import text_of
    from planner.formats.checks import families, load_checks

    known = families()
    if text_of(check, "check", "the id of a check") not in known:
        hint = did_you_mean(check, known) or _LISTED
        raise PlannerError(f"there is no check `{check[:60]}`; {hint}")
    return load_checks([check])[check]


def profile_named(name: str) -> str:
    """The family of checks of a profile, which only runs when it is asked for.

    Raises:
        PlannerError: there is no such profile; names those that there are.
    """
    from planner.api.inputs import one_of
    from planner.checks.framework import PROFILES

    return one_of(name, PROFILES, argument("profile"))


def check_file(
    path: "StrPath",
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    protocols: "Iterable[ProtocolSource] | RecordNames" = (),
    around: "Callable[[Sequence[Check]], Iterable[Check]]" = iter,
) -> "FileReport":
    """What is wrong with a file, line by line; also if it cannot be read.

    A protocol is checked. A site file, a participant's record, a list of participants and a study's
    defaults are read, and the report's ``proof`` says which of them the file is. Of a record the
    names of visits are checked, too, where its protocol is known.

    `check` raises what keeps a file from being read; here it is findings of the rule `format`, and
    the report is ``fatal``.

    Args:
        path: a file, or the id of a library protocol; ``-`` is standard input.
        select: ids or families of the checks to run; all but those of profiles when empty.
        ignore: ids or families of checks left out.
        protocols: those that records are of, where they name none of the library: paths or
            protocols, or what `record_names` makes of them for many records.
        around: is given the checks while they are run, such as a bar of progress.

    Raises:
        PlannerError: a name is neither a check nor a family; or a record is met and one of the
            protocols cannot be read.
    """
    from planner.api.inputs import names_of, path_text
    from planner.formats.checks import choose
    from planner.formats.record_names import RecordNames
    from planner.formats.report import report_file

    checks = choose(names_of(select, "select"), names_of(ignore, "ignore"))
    names = protocols if isinstance(protocols, RecordNames) else record_names(protocols)
    return report_file(path_text(path, "path"), around(checks), names)


def record_names(protocols: "Iterable[ProtocolSource]" = ()) -> "RecordNames":
    """The visits that records can name, for `check_file` of many: each protocol is read once.

    Args:
        protocols: as `check_file` takes them; a path is read when the first record is met.
    """
    from planner.api.inputs import protocol_of
    from planner.formats.record_names import RecordNames

    sources = [protocols] if isinstance(protocols, str) else protocols
    return RecordNames([each if isinstance(each, str) else protocol_of(each) for each in sources])


def files_to_check(paths: "Iterable[StrPath]") -> list[str]:
    """The files to check: of a folder all that can be records, else the path or id itself.

    Raises:
        PlannerError: a folder holds no such file, and no library protocol has its name.
    """
    import os

    from planner.api.inputs import path_text
    from planner.protocol.library import library_path
    from planner.timeline.record_reading import SUFFIXES

    files: list[str] = []
    for path in paths:
        name = path_text(path, "paths")
        if not os.path.isdir(name) or library_path(name) is not None:
            files.append(name)
            continue
        visible = (entry for entry in os.listdir(name) if not entry.startswith("."))
        inside = sorted(entry for entry in visible if entry.lower().endswith(SUFFIXES))
        if not inside:
            raise PlannerError(f"{name}: holds no file to check ({', '.join(SUFFIXES)})")
        files += [os.path.join(name, entry) for entry in inside]
    return files


def render_file_reports(
    reports: "list[FileReport]",
    output_format: str,
    *,
    width: int = 100,
    color: bool = False,
    verbose: bool = True,
) -> str:
    """What is wrong with files: ``text`` with their lines, ``json``, ``sarif`` or ``github``.

    Args:
        reports: as `check_file` gives them.
        output_format: one of these.
        width: of the text, in columns.
        color: whether the text has ANSI colours.
        verbose: whether the text shows notes with their lines, and known remarks on protocols of
            the library.

    Raises:
        PlannerError: there is no such format.
    """
    from planner.api.inputs import one_of

    chosen = one_of(output_format, ("text", "json", "sarif", "github"), "output_format")
    if chosen == "text":
        from planner.views.findings import render_text

        return render_text(reports, color=color, width=width, verbose=verbose)
    from planner.views import findings_export

    if chosen == "json":
        return findings_export.render_json(reports)
    if chosen == "sarif":
        return findings_export.render_sarif(reports)
    return findings_export.render_github(reports)

"""Participants' records: read, written, and made of the visits that SDTM datasets have."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from planner.errors import PlannerError, argument

if TYPE_CHECKING:
    from planner.api.inputs import ProtocolSource, StrPath
    from planner.formats.sdtm import SubjectRecord, SubjectVisits
    from planner.protocol.model import Protocol
    from planner.timeline.record import RecordFile

RECORD_FORMATS = ("yaml", "csv")
"""In which a record can be written."""


def read_records(paths: "Sequence[StrPath]") -> "Iterator[RecordFile]":
    """The records of files, folders and stores, one at a time.

    Raises:
        PlannerError: one of them cannot be read, or a participant is there twice.
    """
    from planner.api.inputs import record_of, record_sources

    seen: dict[str, str] = {}
    for source in record_sources(list(paths)):
        file = record_of(source)
        first = seen.setdefault(file.record.participant, file.path)
        if first != file.path:
            raise PlannerError(
                f"{file.path}: participant `{file.record.participant}` again, first in {first}"
            )
        yield file


def participant_of(path: "StrPath") -> str | None:
    """The code of the participant whose record a file is; ``None`` where it is no record.

    Only a file whose name ends as those of records do is looked into.
    """
    from planner.api.inputs import path_text
    from planner.timeline.record_reading import read_record

    name = path_text(path, "path")
    if not is_record_name(name):
        return None
    try:
        return read_record(name).record.participant
    except PlannerError:
        return None


def is_record_name(path: "StrPath") -> bool:
    """Whether a file of this name is read as a record where a folder of them is."""
    from planner.api.inputs import path_text
    from planner.timeline.record_reading import SUFFIXES

    return path_text(path, "path").lower().endswith(SUFFIXES)


def why_telling(code: str) -> str | None:
    """Why a participant's code could name somebody; ``None`` where it could not."""
    from planner.timeline.participant import telling

    return telling(code)


def read_subjects(
    dataset: "StrPath",
    *,
    protocol: "ProtocolSource | None" = None,
    dm: "StrPath | None" = None,
    visits: "StrPath | None" = None,
    participant: str | None = None,
) -> "SubjectVisits":
    """The subjects of an SDTM dataset of visits (SV), each with what is recorded of it.

    They are read one at a time, as often as ``subjects()`` is called; ``tally`` counts what was met
    on the way. Unplanned visits are recorded as `unscheduled`; partial dates are never completed.

    Args:
        dataset: Dataset-JSON 1.1 (``.json``, ``.ndjson``) or a SAS transport file (``.xpt``).
        protocol: whose visits its names are paired with; ids are made of the names when ``None``.
        dm: the demographics (DM) beside it, which tell arms and reference dates.
        visits: a CSV file that pairs names with visits; needs ``protocol``.
        participant: only this subject, by USUBJID or by code; all when ``None``.

    Raises:
        PlannerError: a file cannot be read or has no such columns.
    """
    from planner.api.inputs import path_text, protocol_of
    from planner.formats.sdtm import SubjectVisits, read_demographics, read_visit_map, visit_names

    known: Protocol | None = None if protocol is None else protocol_of(protocol)
    names = None
    if known is not None:
        pairs = None if visits is None else read_visit_map(path_text(visits, "visits"))
        names = visit_names(known, pairs)
    elif visits is not None:
        raise PlannerError(
            f"{argument('visits')}: pairs names with a protocol's visits; name it with"
            f" {argument('protocol')}"
        )
    return SubjectVisits(
        path_text(dataset, "dataset"),
        names=names,
        protocol_id=None if known is None else known.id,
        people=None if dm is None else read_demographics(path_text(dm, "dm"), known),
        only=participant,
    )


def subject_record_text(
    subjects: "SubjectVisits", subject: "SubjectRecord", output_format: str
) -> str:
    """A subject's record as the text of a file, below comments on what it has no place for.

    Args:
        subjects: what `read_subjects` gives.
        subject: one of them.
        output_format: ``yaml``, or ``csv``, which has visits alone.

    Raises:
        PlannerError: there is no such format.
    """
    from planner.api.inputs import one_of
    from planner.formats.sdtm import with_one_date
    from planner.timeline.record_writing import record_csv, record_yaml

    is_csv = one_of(output_format, RECORD_FORMATS, "output_format") == "csv"
    left_out = list(subject.left_out)
    if is_csv:
        known = subject.record.model_dump(include={"protocol", "arm", "start"}, exclude_none=True)
        left_out += [f"{name}: {value}" for name, value in known.items()]
    if left_out:
        name = subjects.path.replace("\\", "/").rsplit("/", 1)[-1]
        left_out.insert(0, f"Made by `planner import sv` from {name}. What no line below says:")
    write = record_csv if is_csv else record_yaml
    return write(with_one_date(subject.record), left_out)


def write_subject_records(
    subjects: "SubjectVisits",
    folder: "StrPath",
    output_format: str = "yaml",
    *,
    replace: bool = False,
    around: "Callable[[Iterable[SubjectRecord]], Iterable[SubjectRecord]]" = iter,
) -> None:
    """Writes a record of each subject into a folder: all of them, or none.

    A record that says the same already is left alone. What the dataset says of a subject and the
    record has no place for stands at the top of its file; what was met is in ``subjects.tally``.

    Args:
        subjects: what `read_subjects` gives.
        folder: where the files are to be, each named by its participant; made if there is none.
        output_format: ``yaml``, or ``csv``, which has visits alone.
        replace: whether records that are there already and say something else are replaced.
        around: is given the subjects while they are written, such as a bar of progress.

    Raises:
        planner.errors.FilesInTheWay: such records are there, and ``replace`` is false.
        PlannerError: the dataset cannot be read, or the folder not be written; nothing is changed.
    """
    from planner.api.inputs import instance_of, one_of, path_text
    from planner.formats.sdtm import SubjectVisits
    from planner.timeline.record_folder import RecordFolder

    instance_of(subjects, SubjectVisits, "subjects")
    suffix = one_of(output_format, RECORD_FORMATS, "output_format")
    records = RecordFolder(path_text(folder, "folder"), f".{suffix}", replace=replace)
    try:
        for subject in around(subjects.subjects()):
            records.add(subject.record.participant, subject_record_text(subjects, subject, suffix))
        records.put()
    finally:
        records.discard()

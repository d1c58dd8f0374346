"""The design of a study as datasets: what visits, arms and elements there are."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from planner.api.inputs import DateSource, ProtocolSource
    from planner.views.deviations import DeviationReport


class DesignDatasets(NamedTuple):
    """The SDTM datasets TV (visits), TA (arms) and TE (elements) of a protocol.

    `write` puts the files into a folder.

    Attributes:
        files: the content of each file by its name: each dataset as Dataset-JSON 1.1 and as XPT.
        rows: how many rows each dataset has, by its name in capital letters.
        notes: what people should know of them, a sentence each.
    """

    files: dict[str, bytes]
    rows: dict[str, int]
    notes: tuple[str, ...]


class DeviationDataset(NamedTuple):
    """The SDTM dataset DV (protocol deviations) of some records.

    Attributes:
        csv: the dataset as CSV with a header row.
        json: the dataset as Dataset-JSON 1.1.
        rows: how many deviations there are.
    """

    csv: str
    json: str
    rows: int


def deviation_dataset(
    report: "DeviationReport", protocol: "ProtocolSource", stamp: "DateSource | None" = None
) -> DeviationDataset:
    """The dataset DV of protocol deviations by SDTMIG 3.4, as CSV and as Dataset-JSON.

    A participant's code stands in USUBJID. Reasons that records give are not in it.

    Args:
        report: as `deviations` gives it.
        protocol: the one that the report is about: its registry number or id is STUDYID.
        stamp: the date in the JSON file, at midnight UTC; 2000-01-01 when ``None``. The same one
            gives the same bytes.

    Raises:
        PlannerError: the protocol cannot be loaded, or the report is about another one.
    """
    from datetime import UTC, date, datetime, time

    from planner.api.inputs import optional_date, protocol_of
    from planner.errors import PlannerError
    from planner.formats.sdtm.deviations import deviation_rows
    from planner.formats.sdtm.trial_design_arms import study_id
    from planner.formats.sdtm.writing import dataset_json
    from planner.views.deviations import deviation_text
    from planner.views.tables.csv import render_csv
    from planner.views.tables.grid import Grid, Line

    given = protocol_of(protocol)
    if given.id != report.protocol:
        raise PlannerError(f"protocol: the report is about `{report.protocol}`, not `{given.id}`")
    words = [
        f"{deviation.label}: {deviation_text(deviation)}; {deviation.rule}"
        for deviation in report.deviations
    ]
    dataset = deviation_rows(given, report.deviations, words)
    at = datetime.combine(optional_date(stamp, "stamp") or date(2000, 1, 1), time(), UTC)
    lines = tuple(Line(tuple(map(str, row))) for row in dataset.rows)
    heads = (tuple(column.name for column in dataset.columns),)
    return DeviationDataset(
        render_csv(Grid("", heads, lines, ())),
        dataset_json(dataset, study_id(given), f"{given.id}.{given.version}.dv", at),
        len(dataset.rows),
    )


def trial_design(protocol: "ProtocolSource", stamp: "DateSource | None" = None) -> DesignDatasets:
    """The trial design datasets of a protocol by SDTMIG 3.4: TV, TA and TE.

    They are the design of the study, not a participant's plan: arms are named.

    Args:
        protocol: a path, an id of the library, a loaded file or a `Protocol`.
        stamp: the date in the files, at midnight UTC; when ``None`` the protocol's own, or
            2000-01-01 where it has none. The same one gives the same bytes.

    Raises:
        PlannerError: the protocol cannot be loaded, or its cycles make too many visits.
    """
    from datetime import UTC, date, datetime, time

    from planner.api.inputs import optional_date, protocol_of
    from planner.formats.sdtm import trial_design as sdtm

    day = optional_date(stamp, "stamp")
    given = protocol_of(protocol)
    at = datetime.combine(day or given.date or date(2000, 1, 1), time(), UTC)
    design = sdtm.trial_design(given)
    rows = {dataset.name: len(dataset.rows) for dataset in design.datasets}
    return DesignDatasets(sdtm.design_files(design, given, at), rows, design.notes)

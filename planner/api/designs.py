"""The design of a study as datasets: what visits, arms and elements there are."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from planner.api.inputs import DateSource, ProtocolSource


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

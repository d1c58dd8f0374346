"""DV, the protocol deviations of participants, as an SDTM dataset.

Standard: SDTMIG 3.4. DVSTDTC is the local date alone, since a record need not have the time of day.
DVTERM is the deviation with its rule, DVDECOD its kind, in our words.
"""

from collections import Counter
from collections.abc import Sequence

from planner.formats.sdtm.trial_design_arms import study_id
from planner.formats.sdtm.writing import Cell, Column, Dataset
from planner.protocol.model import Protocol
from planner.text import one_line
from planner.timeline.deviations import Deviation

COLUMNS = (
    Column("STUDYID", "Study Identifier", key=1),
    Column("DOMAIN", "Domain Abbreviation"),
    Column("USUBJID", "Unique Subject Identifier", key=2),
    Column("DVSEQ", "Sequence Number", "integer", key=3),
    Column("DVSPID", "Sponsor-Defined Identifier"),
    Column("DVTERM", "Protocol Deviation Term"),
    Column("DVDECOD", "Protocol Deviation Coded Term"),
    Column("DVSTDTC", "Start Date/Time of Deviation"),
)


def deviation_rows(
    protocol: Protocol, deviations: Sequence[Deviation], words: Sequence[str]
) -> Dataset:
    """The dataset, in the order of subjects and of what came about.

    Args:
        protocol: of the study, which gives STUDYID.
        deviations: of any participants; a code is the subject's USUBJID.
        words: of each, what deviates and from what rule: DVTERM.
    """
    study = study_id(protocol)
    seen: Counter[str] = Counter()
    rows: list[tuple[Cell, ...]] = []
    numbered = zip(deviations, words, strict=True)
    for deviation, term in sorted(numbered, key=lambda pair: pair[0].participant):
        seen[deviation.participant] += 1
        rows.append(
            (
                study,
                "DV",
                deviation.participant,
                seen[deviation.participant],
                deviation.visit,
                one_line(term),
                deviation.kind.upper().replace("-", " "),
                "" if deviation.actual is None else f"{deviation.actual:%Y-%m-%d}",
            )
        )
    return Dataset("DV", "Protocol Deviations", COLUMNS, tuple(rows))

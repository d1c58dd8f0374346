"""Studies to examine: those of the project's own, and the published samples where they are."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any, NamedTuple

import pytest
from shared import SAMPLES
from usdm_studies import after, before, document, fixed, item, main, study, timeline, visit

from planner.checks.finding import Finding
from planner.formats.usdm.lint.lint import study_findings
from planner.formats.usdm.parse import study_of
from planner.protocol.document import Document
from planner.protocol.imported_document import SOURCE
from planner.protocol.reading import read_document

Json = dict[str, Any]
NAMES = ("own", "CDISC_Pilot_Study.json", "EliLilly_NCT03421379_Diabetes.json")


def own_study() -> Json:
    """A clean study: screening, two doses, follow-ups with windows, and a run sheet."""
    week = ("P2D", "P2D")
    sheet = timeline(
        "sheet",
        item("LIE"),
        item("MEASURE"),
        item("STAND"),
        timings=[
            fixed("LIE", "PT0M"),
            after("MEASURE", "PT5M", "LIE"),
            after("STAND", "PT6M", "LIE"),
        ],
    )
    visits = [
        visit("SCR", epoch="Screening"),
        visit("PREP", epoch="Screening"),
        visit("DOSE1", timeline="sheet"),
        visit("CALL1"),
        visit("DOSE2", timeline="sheet"),
        visit("CALL2"),
        visit("WK6", epoch="Follow-Up"),
        visit("WK10", epoch="Follow-Up"),
    ]
    timings = [
        before("SCR", "P4W", "DOSE1", window=("P1W", "P1W")),
        before("PREP", "P1W", "DOSE1", window=("P3D", "P1D")),
        fixed("DOSE1"),
        after("CALL1", "P1D", "DOSE1", window=("P0D", "P1D")),
        after("DOSE2", "P3W", "DOSE1", window=("P3D", "P3D")),
        after("CALL2", "P1D", "DOSE2", window=("P0D", "P1D")),
        after("WK6", "P6W", "DOSE1", window=week),
        after("WK10", "P10W", "DOSE1", window=("P1W", "P1W")),
    ]
    return study(main(*visits, timings=timings), sheet)


class Case(NamedTuple):
    """A study as read from a file, to be changed in place and examined again."""

    data: Json
    document: Document

    def findings(self) -> list[Finding]:
        read = self.document._replace(data=self.data)
        return list(study_findings(study_of(read)))

    def line(self, path: tuple[str | int, ...]) -> str:
        """The line of the source that a finding's path leads to."""
        assert path[0] == SOURCE
        return self.document.lines[self.document.value_position(path[1:]).line - 1]

    def timelines(self) -> Iterator[tuple[tuple[str | int, ...], Json]]:
        """Each timeline with the path that findings in it begin with."""
        for at, version in enumerate(self.data["study"]["versions"]):
            for number, design in enumerate(version["studyDesigns"]):
                for place, one in enumerate(design["scheduleTimelines"]):
                    path = (SOURCE, "study", "versions", at, "studyDesigns", number)
                    yield (*path, "scheduleTimelines", place), one


_READ: dict[str, Document] = {}


def case(name: str) -> Case:
    """A study by name; skips the test where a sample is not there."""
    if name == "own":
        whole = document(own_study())
        return Case(json.loads(json.dumps(whole.data)), whole)
    path = SAMPLES / "usdm" / name
    if not path.exists():
        pytest.skip(f"{path} is not at hand; set PLANNER_SHARED")
    if name not in _READ:
        _READ[name] = read_document(str(path))
    return Case(deepcopy(_READ[name].data), _READ[name])  # type: ignore[arg-type]


def examined(data: Json) -> list[Finding]:
    """What is found in a study that is built here."""
    return list(study_findings(study_of(document(data))))


def ids(findings: list[Finding]) -> list[str]:
    """The checks of findings, sorted."""
    return sorted(finding.check for finding in findings)

"""CDISC's own examples of ODM timings, where they are at hand (`$PLANNER_SHARED`)."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from formats.odm.odm_text import timings, told, visits
from shared import SAMPLES

from planner.formats.odm import read_odm

Planner = Callable[..., Any]
ODM = SAMPLES / "odm"
SIMPLE = "SimpleTimingConstraints.xml"
LZZT = "Timing_LZZT_Example_ODM.xml"


def sample(name: str) -> str:
    path = ODM / name
    if not path.exists():
        pytest.skip("CDISC's examples of ODM are not at hand; see $PLANNER_SHARED")
    return str(path)


@pytest.mark.parametrize("name", [SIMPLE, LZZT, "everything.xml"])
def test_the_files_that_are_read_are_valid_by_the_published_schema(name: str) -> None:
    etree = pytest.importorskip("lxml.etree")
    own = Path(__file__).with_name(name)
    path = str(own) if own.exists() else sample(name)
    schema = etree.XMLSchema(etree.parse(sample("schema/ODM.xsd")))
    root = etree.parse(path).getroot()
    if etree.QName(root).localname == "MetaDataVersion":
        # The examples begin with MetaDataVersion, which the schema has only inside an ODM.
        space = root.nsmap[None]
        whole = etree.fromstring(
            f'<ODM xmlns="{space}" FileType="Snapshot" FileOID="F" ODMVersion="2.0"'
            ' CreationDateTime="2026-01-01T00:00:00">'
            '<Study OID="S" StudyName="S" ProtocolName="S"/></ODM>'
        )
        whole[0].append(root)
        root = whole
    schema.validate(root)
    errors = {re.sub(r"\{[^}]*\}", "", error.message) for error in schema.error_log}
    assert errors == set()


def test_read_strictly_four_rules_contradict_each_other(planner: Planner) -> None:
    done = planner("validate", sample(SIMPLE))
    assert done.code == 1
    for rule in (
        "`visit-1.after`", "`visit-2.after`", "`end-of-study.after.1`", "`end-of-study.after.2`",
    ):  # fmt: skip
        assert rule in done.out
    for words in (
        "these 4 rules contradict each other", "visit-2 -> end-of-study at most 1mo1w (38d)",
        "visit-1 -> visit-2 at most 3mo2w (106d)", "start-of-study -> visit-1 at most 2mo1w (69d)",
        "start-of-study -> end-of-study at least 1y (365d)",
        # 365 - (62 + 7 + 92 + 14 + 31 + 7): two months have at most 62 days, three at most 92.
        "152d short",
    ):  # fmt: skip
        assert words in " ".join(done.out.split())
    assert "RelativeTimingConstraint[@OID='TIM.STUDYEND']" in done.out or "17:17" in done.out


def test_the_four_rules_are_the_four_constraints_of_the_source() -> None:
    imported = read_odm(sample(SIMPLE))
    assert timings(imported, "visit-1") == [
        {"visit": "start-of-study", "target": "2mo", "within": "±1w"}
    ]
    assert timings(imported, "visit-2") == [{"visit": "visit-1", "target": "3mo", "within": "±2w"}]
    assert timings(imported, "end-of-study") == [
        {"visit": "start-of-study", "within": "1y..1y1mo"},
        {"visit": "visit-2", "target": "1mo", "within": "±1w"},
    ]
    found = {
        origin.text.rpartition("@OID='")[2].rstrip("]'")
        for path, origin in imported.origins.items()
        if "after" in path
    }
    assert found == {
        "TIM.STUDYEND",
        "TIM.TR.START-VISIT1",
        "TIM.TR.VISIT1-VISIT2",
        "TIM.TR.VISIT2-END",
    }


def test_the_reading_that_makes_the_conflict_is_named_with_the_others() -> None:
    imported = read_odm(sample(SIMPLE))
    (remark,) = [one for one in imported.remarks if "has no window" in one.message]
    assert remark.kind == "reading"
    assert remark.message.startswith("`P1Y` has no window before it and is read there as exact;")
    assert "targets=ceiling" in remark.message
    assert remark.origin.position.line == 17


@pytest.mark.parametrize("targets", ["ceiling", "preferred"])
def test_a_ceiling_makes_the_schedule_feasible(
    planner: Planner, tmp_path: Path, targets: str
) -> None:
    path = tmp_path / "simple.yaml"
    planner("import", "odm", sample(SIMPLE), "--targets", targets, "-o", str(path))
    done = planner("validate", str(path))
    assert done.code == 0
    # 59 - 7 + 89 - 14 + 28 - 7 at the least, 62 + 7 + 92 + 14 + 31 + 7 at the most.
    assert "feasible; 4 visits; 21.1-30.4 weeks" in done.out
    imported = read_odm(sample(SIMPLE), targets=targets)
    assert timings(imported, "end-of-study")[0]["within"] == "0d..1y1mo"


def test_the_pilot_study_has_its_anchored_and_its_chained_windows() -> None:
    imported = read_odm(sample(LZZT))
    week = "visit-{}-week-{}-visit".format
    zero = week(2, 0)
    assert timings(imported, week(3, 1)) == [{"visit": zero, "target": "1w"}]
    assert timings(imported, week(4, 2)) == [
        {"visit": zero, "target": "2w"},
        {"visit": week(3, 1), "within": "1w"},
    ]
    assert timings(imported, week(5, 4)) == [
        {"visit": week(4, 2) + ".end", "target": "2w", "within": "±3d"},
        {"visit": week(4, 2), "within": "11d..17d"},
    ]
    for one, before, weeks, chained in (
        (week(7, 6), week(5, 4), "6w", "11d..17d"),
        (week(8, 8), week(7, 6), "8w", "11d..17d"),
        (week(9, 12), week(8, 8), "12w", "24d..32d"),
    ):
        assert timings(imported, one) == [
            {"visit": zero, "target": weeks, "within": "±3d"},
            {"visit": before, "within": chained},
        ]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (
            "relative",
            {
                "visit-4-week-2-visit": [{"visit": "visit-2-week-0-visit", "target": "2w"}],
                "visit-7-week-6-visit": [
                    {"visit": "visit-2-week-0-visit", "target": "6w", "within": "±3d"},
                ],
            },
        ),
        (
            "transition",
            {
                "visit-4-week-2-visit": [{"visit": "visit-3-week-1-visit", "target": "1w"}],
                "visit-7-week-6-visit": [
                    {"visit": "visit-5-week-4-visit", "target": "2w", "within": "±3d"}
                ],
            },
        ),
    ],
)
def test_one_kind_of_constraint_can_be_read_alone(
    kind: str, expected: dict[str, list[dict[str, str]]]
) -> None:
    imported = read_odm(sample(LZZT), timings=kind)
    for visit, rules in expected.items():
        assert timings(imported, visit)[: len(rules)] == rules
    assert any(f"only the {kind} ones are read" in one for one in told(imported, "left-out"))


def test_the_pilot_study_counts_from_week_0_and_nothing_says_when_it_enrols(
    planner: Planner,
) -> None:
    imported = read_odm(sample(LZZT))
    assert len(visits(imported)) == 8
    data = imported.document.data
    assert isinstance(data, dict)
    assert data["anchor"] == "visit-2-week-0-visit"
    assert any(
        "since 5 relative constraints count from it" in one for one in told(imported, "reading")
    )
    assert told(imported, "mistake") == ["refers to `SE.STUDYEND`, which is not defined"]
    done = planner("validate", sample(LZZT))
    # A transition leads from there to week 0, and nothing says how much earlier it lies.
    assert (
        "no timing connects `visit-1-enrollment` to the anchor `visit-2-week-0-visit`"
    ) in done.out
    assert (done.code, visits(imported)["visit-2-week-0-visit"]["order"]) == (1, "listed")


@pytest.mark.parametrize("command", ["timeline", "export", "chart"])
def test_without_timings_the_pilot_study_has_no_dates(
    planner: Planner, tmp_path: Path, command: str
) -> None:
    text = Path(sample(LZZT)).read_text(encoding="utf-8")
    begin, end = text.index("<StudyTimings"), text.index("</StudyTimings>")
    path = tmp_path / "study.xml"
    path.write_text(text[:begin] + text[end + len("</StudyTimings>") :], encoding="utf-8")
    found = visits(read_odm(str(path)))
    assert [visit.get("order") for visit in found.values()] == [None, *["listed"] * 7]
    more = ("-o", str(tmp_path / "c.svg")) if command == "chart" else ("--start", "2027-01-11")
    done = planner(command, str(path), *more)
    assert (done.code, done.out) == (1, "")
    assert "no timing connects `visit-2-week-0-visit`" in done.err

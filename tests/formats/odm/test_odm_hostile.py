"""Files that mean harm, are broken, or are something else: refused in one clear sentence."""

import contextlib
import sys
from pathlib import Path

import pytest
from formats.odm.odm_text import NAMESPACE, odm, read, relative, told, visits, workflow
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import PlannerError
from planner.formats.odm import read_odm
from planner.formats.odm.study import read_odm_study
from planner.limits import MAX_ATTRIBUTES, MAX_STUDY
from planner.protocol.document import DocumentError
from planner.protocol.imported_document import Imported
from planner.protocol.model import Protocol
from planner.protocol.validation import validate_model
from planner.protocol.yaml_reading import compose_yaml
from planner.protocol.yaml_writing import protocol_yaml

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
EVENT = '<StudyEventDef OID="SE.A" Name="A" Repeating="No" Type="Scheduled"/>'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]><x>&l9;</x>', ":1:1: the file has a DOCTYPE"),
        ('<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>', "has a DOCTYPE"),
        ('<?xml version="1.0"?>\n<!-- <!DOCTYPE -->\n <!DOCTYPE x SYSTEM "http://x/y">', ":3:2:"),
        (f'<MetaDataVersion xmlns="{NAMESPACE}">&unknown;</MetaDataVersion>', "not XML"),
        ("<a>\n<b>\n</a>", ":3:5: not XML: Opening and ending tag mismatch"),
        ("", "not XML"),
        ("format: 1", "not XML"),
        ("<html/>", "no ODM file: its root is `html`"),
        ("<ODM/>", "its namespace is none"),
        ('<ODM xmlns="urn:x"/>', "its namespace is `urn:x`"),
        ('<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3"/>', "this is ODM 1.3"),
        (f'<ODM xmlns="{NAMESPACE}"/>', "has no MetaDataVersion"),
        (f'<MetaDataVersion xmlns="{NAMESPACE}"/>', "defines no StudyEventDef"),
        (f'<MetaDataVersion xmlns="{NAMESPACE}">' + "<Description>" * 60
         + "</Description>" * 60 + "</MetaDataVersion>", "nested more than 32 levels deep"),
        ("<a>" * 5000 + "</a>" * 5000, ":1:97: nested more than 32 levels deep"),
        (f'<MetaDataVersion xmlns="{NAMESPACE}">' + "<x/>" * 60_000 + "</MetaDataVersion>",
         "more than 50,000 elements"),
        (f'<MetaDataVersion xmlns="{NAMESPACE}">'
         + "".join(EVENT.replace("SE.A", f"SE.{n}") for n in range(2500))
         + "</MetaDataVersion>", "too many study events"),
        ("<a>" + "x" * MAX_STUDY, "MiB"),
    ],
)  # fmt: skip
def test_a_file_that_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read(tmp_path, text)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def event_with(attributes: int) -> str:
    """A study event of so many attributes, some of whose values look like more of them."""
    more = " ".join(f"a{n}='x=\"\"'" for n in range(attributes - EVENT.count("=")))
    return EVENT.replace("SE.A", "SE.X").replace("/>", f" {more}/>")


def test_an_element_has_as_many_attributes_as_are_read_in_no_time(tmp_path: Path) -> None:
    comment = f"<!-- {event_with(MAX_ATTRIBUTES * 2)} -->\n"
    assert visits(read(tmp_path, odm(rest=comment + event_with(MAX_ATTRIBUTES))))
    with pytest.raises(DocumentError, match="an element has more than 250 attributes") as caught:
        read(tmp_path, odm(rest=comment + event_with(MAX_ATTRIBUTES + 1)))
    assert caught.value.problems[0].position == (4, 1)


@st.composite
def nested(draw: st.DrawFn) -> tuple[str, list[tuple[str, int]]]:
    """A MetaDataVersion written in many ways, and where each StudyEventDef of it begins."""
    text = f'<?xml version="1.0"?>\n<MetaDataVersion xmlns="{NAMESPACE}"\n>'
    places = []
    blank = st.sampled_from([" ", "\n", "\n\n  "])
    fillers = (
        "<!-- <StudyEventDef OID='no'> -->", "<![CDATA[ <StudyEventDef OID='no'> ]]>", "\n", "é",
        "<?x <StudyEventDef ?>", "<other><StudyEventDef\nOID='inside'/><x>></x></other>",
    )  # fmt: skip
    for number in range(draw(st.integers(1, 8))):
        text += "".join(draw(st.lists(st.sampled_from(fillers), max_size=3)))
        places.append((f"SE.{number}", len(text)))
        quote = draw(st.sampled_from("'\""))
        text += f"<StudyEventDef{draw(blank)}Name={quote}a>b{quote}{draw(blank)}"
        end = draw(st.sampled_from(["/>", ">", "><Description\n/>"]))
        text += f'OID="SE.{number}"{end}' + ("" if end == "/>" else "</StudyEventDef>")
    return text + "</MetaDataVersion>", places


@given(nested())
@settings(deadline=None)
def test_each_element_is_told_where_its_start_tag_begins(
    tmp_path_factory: pytest.TempPathFactory, made: tuple[str, list[tuple[str, int]]]
) -> None:
    text, places = made
    path = tmp_path_factory.getbasetemp() / "places.xml"
    path.write_text(text, encoding="utf-8")
    events = read_odm_study(str(path)).events
    found = {
        oid: sum(len(line) + 1 for line in text.split("\n")[: element.position.line - 1])
        + element.position.column - 1
        for oid, element in events.items()
    }  # fmt: skip
    assert found == dict(places)


@given(nested(), st.data())
@settings(deadline=None, max_examples=200)
def test_a_broken_file_is_refused_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory,
    made: tuple[str, list[tuple[str, int]]],
    data: st.DataObject,
) -> None:
    text, _ = made
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text) - 1))
        text = text[:at] + data.draw(st.sampled_from("<>\"'/!?-[]=& x\n")) + text[at + 1 :]
    path = tmp_path_factory.getbasetemp() / "broken.xml"
    path.write_text(text, encoding="utf-8")
    with contextlib.suppress(PlannerError):
        read_odm(str(path))


def test_a_comment_about_a_doctype_is_none(tmp_path: Path) -> None:
    imported = read(tmp_path, "<!-- <!DOCTYPE x> -->" + odm())
    assert list(visits(imported)) == ["visit-a", "visit-b", "visit-c"]


def test_an_attribute_cannot_hold_an_entity(tmp_path: Path) -> None:
    with pytest.raises(DocumentError):
        read(tmp_path, odm().replace('Name="Study"', 'Name="&x;"'))


def test_without_lxml_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lxml", None)
    with pytest.raises(PlannerError, match=r"pip install \"trial-session-planner\[odm\]\""):
        read(tmp_path, odm())


@pytest.mark.parametrize(
    ("option", "word", "hint"),
    [
        ("targets", "exakt", "did you mean `exact`"),
        ("timings", "relativ", "did you mean `relative`"),
        ("workflow", "WF.MAIM", "there is no workflow `WF.MAIM`; did you mean `WF.MAIN`"),
    ],
)
def test_a_wrong_word_is_told_with_the_nearest(
    tmp_path: Path, option: str, word: str, hint: str
) -> None:
    with pytest.raises(PlannerError, match=hint):
        read(tmp_path, odm("", workflow("A>B").replace('"WF"', '"WF.MAIN"')), **{option: word})


def test_missing_and_double_oids_are_mistakes_and_the_first_counts(tmp_path: Path) -> None:
    more = EVENT.replace('"A"', '"Other"') + EVENT.replace('OID="SE.A" ', "")
    imported = read(tmp_path, odm(rest=more, events="A"))
    assert visits(imported)["other"]["title"] == "Other"
    assert len(visits(imported)) == 1
    found = told(imported, "mistake")
    assert any("a second StudyEventDef with the OID `SE.A`" in one for one in found)
    assert any("StudyEventDef without an OID" in one for one in found)


def test_names_that_make_the_same_id_are_numbered(tmp_path: Path) -> None:
    events = "".join(
        f'<StudyEventDef OID="SE.{n}" Name="{name}"/>'
        for n, name in enumerate(("Visit", "VISIT!", "日"))
    )
    imported = read(tmp_path, odm(rest=events, events=""))
    assert list(visits(imported)) == ["visit", "visit-2", "se-2"]


def test_elements_of_others_are_told_and_left_out(tmp_path: Path) -> None:
    imported = read(tmp_path, odm(rest='<v:Colour xmlns:v="urn:v"><v:x/></v:Colour>'))
    assert any("elements of other namespaces" in one for one in told(imported, "left-out"))


def test_long_and_broken_texts_become_lines(tmp_path: Path) -> None:
    name = "word &#10;&#x85;&#x2028; =1+1 &lt;b&gt; " * 30
    imported = read(tmp_path, odm(rest=f'<StudyEventDef OID="SE.X" Name="{name}"/>', events=""))
    (visit,) = visits(imported).values()
    title = visit["title"]
    assert isinstance(title, str)
    assert len(title) <= 300
    assert title.splitlines() == [title]
    validate_model(Protocol, imported.document)


def test_a_deep_path_with_long_oids_stays_small(tmp_path: Path) -> None:
    oid = "x" * 5000
    text = odm(relative('TimepointRelativeTarget="P1D"', oid), workflow("A>B")).replace("SE.A", oid)
    imported = read(tmp_path, text)
    assert all(len(origin.text) < 5000 for origin in imported.origins.values())
    validate_model(Protocol, imported.document)


def check(imported: Imported) -> None:
    """Whatever was read is a protocol, as it is and as text."""
    first = validate_model(Protocol, imported.document)
    data = imported.document.data
    assert isinstance(data, dict)
    text = protocol_yaml(data)
    again, _, problems = compose_yaml("x.yaml", text)
    assert problems == []
    assert again == data
    assert first.epochs


NAMES = "ABCD"
oids = st.sampled_from(
    [*(f"SE.{name}" for name in NAMES), "BR.1", "SEG.1", "EP.1", "ARM.1", "X", ""]
)
durations = st.sampled_from(
    ["P1D", "P2W", "P1M", "-P3D", "PT4H", "P1DT2H", "P0D", "PT30S", "", "x", "P40Y", "-P1M"]
)
WORDS = (
    "Exclusive", "Parallel", "Unscheduled", "Common", "Yes", "No", "FinishToStart", "C.1", "TR.1",
    "TR.2", "WF", "9999999999", "<&'\"", "&#x2028; x&#x85;", "=1+1",
)  # fmt: skip
plain = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=8)
values = st.one_of(oids, durations, st.sampled_from(WORDS), plain)
ATTRIBUTES = {
    "RelativeTimingConstraint": ("OID", "PredecessorOID", "SuccessorOID", "Type",
                                 "TimepointRelativeTarget", "TimepointPreWindow",
                                 "TimepointPostWindow"),
    "TransitionTimingConstraint": ("OID", "TransitionOID", "TimepointTarget", "TimepointPreWindow",
                                   "MethodOID"),
    "AbsoluteTimingConstraint": ("OID", "StudyEventOID", "StudyEventGroupOID", "TimepointTarget"),
    "DurationTimingConstraint": ("StructuralElementOID", "DurationTarget", "DurationPostWindow"),
    "Transition": ("OID", "SourceOID", "TargetOID", "StartConditionOID"),
    "TargetTransition": ("TargetTransitionOID", "ConditionOID"),
    "StudyEventRef": ("StudyEventOID", "Mandatory", "CollectionExceptionConditionOID",
                      "OrderNumber"),
    "StudyEventGroupRef": ("StudyEventGroupOID", "Mandatory"),
    "StudyEventDef": ("OID", "Name", "Type", "Repeating"),
}  # fmt: skip


@st.composite
def elements(draw: st.DrawFn, *names: str, most: int = 4) -> str:
    made = ""
    for name in draw(st.lists(st.sampled_from(names), max_size=most)):
        written = ""
        for attribute in ATTRIBUTES[name]:
            value = draw(st.none() | values)
            if value is not None:
                if "&#x2028;" not in value:  # that one is written as it is
                    value = value.replace("&", "&amp;").replace("<", "&lt;")
                value = value.replace('"', "&quot;")
                written += f' {attribute}="{value}"'
        made += f"<{name}{written}/>\n"
    return made


@st.composite
def files(draw: st.DrawFn) -> str:
    timings = draw(elements(*(name for name in ATTRIBUTES if name.endswith("Constraint")), most=6))
    steps = draw(elements("Transition", most=8))
    steps += (
        f'<Branching OID="BR.1" Type="Exclusive">{draw(elements("TargetTransition"))}</Branching>'
    )
    flow = f'<WorkflowDef OID="WF"><WorkflowStart StartOID="{draw(oids)}"/>{steps}</WorkflowDef>'
    group = draw(elements("StudyEventRef", "StudyEventGroupRef"))
    opening = '<StudyEventGroupDef OID="SEG.1" EpochOID="EP.1" ArmOID="ARM.1">'
    flow += f"{opening}{group}</StudyEventGroupDef>"
    flow += '<ConditionDef OID="C.1" Name="c"/>' + draw(elements("StudyEventDef"))
    structure = '<StudyStructure><Arm OID="ARM.1"/><Arm OID="ARM.2"/>'
    structure += f'<Epoch OID="EP.1" SequenceNumber="{draw(oids)}"/></StudyStructure>'
    return odm(timings, flow, " ".join(NAMES), structure)


@pytest.mark.slow
@given(
    files(),
    st.sampled_from(["exact", "preferred", "ceiling"]),
    st.sampled_from(["both", "relative", "transition"]),
)
@settings(max_examples=300, deadline=None)
def test_whatever_is_read_is_a_protocol(
    tmp_path_factory: pytest.TempPathFactory, text: str, targets: str, timings: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "random.xml"
    path.write_text(text, encoding="utf-8")
    check(read_odm(str(path), targets=targets, timings=timings))

"""Small ODM files for tests, put together from the parts that a test is about."""

from pathlib import Path

from planner.formats.odm import read_odm
from planner.protocol.imported_document import Imported

NAMESPACE = "http://www.cdisc.org/ns/odm/v2.0"


def odm(timings: str = "", rest: str = "", events: str = "A B C", protocol: str = "") -> str:
    """A bare MetaDataVersion: constraints, other elements, and one study event per letter."""
    defined = "\n".join(
        f'<StudyEventDef OID="SE.{name}" Name="Visit {name}" Repeating="No" Type="Scheduled"/>'
        for name in events.split()
    )
    holder = f'<StudyTimings><StudyTiming OID="ST" Name="T">{timings}</StudyTiming></StudyTimings>'
    return (
        f'<MetaDataVersion xmlns="{NAMESPACE}" OID="MDV" Name="Study">\n'
        f"<Protocol>{protocol}{holder if timings else ''}</Protocol>\n{rest}\n{defined}\n"
        "</MetaDataVersion>\n"
    )


def relative(attributes: str, oid: str = "TIM.1", ends: tuple[str, str] = ("A", "B")) -> str:
    """One RelativeTimingConstraint between two of the events."""
    return (
        f'<RelativeTimingConstraint OID="{oid}" Name="n" PredecessorOID="SE.{ends[0]}"'
        f' SuccessorOID="SE.{ends[1]}" {attributes}/>\n'
    )


def workflow(*steps: str, start: str = "SE.A", rest: str = "") -> str:
    """A WorkflowDef with a transition for each `A>B`; the OID of each is `TR.A>B`."""
    transitions = ""
    for step in steps:
        source, target = step.split(">")
        oids = [one if "." in one else f"SE.{one}" for one in (source, target)]
        transitions += (
            f'<Transition OID="TR.{source}-{target}" Name="{source} to {target}"'
            f' SourceOID="{oids[0]}" TargetOID="{oids[1]}"/>\n'
        )
    return (
        f'<WorkflowDef OID="WF" Name="Main"><WorkflowStart StartOID="{start}"/>\n'
        f"{transitions}{rest}</WorkflowDef>\n"
    )


def read(folder: Path, text: str, **options: str) -> Imported:
    """The text as a file, read."""
    path = folder / "study.xml"
    path.write_text(text, encoding="utf-8")
    return read_odm(str(path), **options)


def visits(imported: Imported) -> dict[str, dict[str, object]]:
    """The visits by id."""
    data = imported.document.data
    assert isinstance(data, dict)
    return {visit["id"]: visit for epoch in data["epochs"] for visit in epoch["visits"]}


def timings(imported: Imported, visit: str) -> list[dict[str, object]]:
    """The timings of a visit without their sources and notes."""
    after = visits(imported)[visit].get("after", [])
    parts = after if isinstance(after, list) else [after]
    return [{key: one[key] for key in one if key not in ("source", "note")} for one in parts]


def told(imported: Imported, kind: str) -> list[str]:
    """The messages of one kind of remark."""
    return [remark.message for remark in imported.remarks if remark.kind == kind]

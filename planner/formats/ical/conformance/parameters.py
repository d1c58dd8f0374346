"""Parameters: each once, with values of their own kind (RFC 5545 3.2 and its extensions)."""

import re

from planner.formats.ical.conformance.findings import CalendarFindings
from planner.formats.ical.conformance.grammar import PROPERTIES, VALUE_TYPES
from planner.formats.ical.conformance.scalars import is_uri, parse_duration
from planner.formats.ical.content_lines import Parameter, Property

_REGISTERED = {
    "CUTYPE": ("RFC 5545 3.2.3", "INDIVIDUAL GROUP RESOURCE ROOM UNKNOWN"),
    "FBTYPE": ("RFC 5545 3.2.9", "FREE BUSY BUSY-UNAVAILABLE BUSY-TENTATIVE"),
    "RELTYPE": (
        "RFC 9253 5",
        (
            "PARENT CHILD SIBLING SNOOZE CONCEPT DEPENDS-ON FINISHTOFINISH FINISHTOSTART FIRST NEXT"
            " REFID STARTTOFINISH STARTTOSTART"
        ),
    ),
    "ROLE": ("RFC 5545 3.2.16", "CHAIR REQ-PARTICIPANT OPT-PARTICIPANT NON-PARTICIPANT"),
    "SCHEDULE-AGENT": ("RFC 6638 7.1", "SERVER CLIENT NONE"),
    "DISPLAY": ("RFC 7986 6.1", "BADGE GRAPHIC FULLSIZE THUMBNAIL"),
    "FEATURE": ("RFC 7986 6.3", "AUDIO CHAT FEED MODERATOR PHONE SCREEN VIDEO"),
}
_STATES = {
    "VEVENT": "NEEDS-ACTION ACCEPTED DECLINED TENTATIVE DELEGATED",
    "VTODO": "NEEDS-ACTION ACCEPTED DECLINED TENTATIVE DELEGATED COMPLETED IN-PROCESS",
    "VJOURNAL": "NEEDS-ACTION ACCEPTED DECLINED",
}
_FIXED = {
    "ENCODING": ("RFC 5545 3.2.7", "8BIT BASE64"),
    "RANGE": ("RFC 5545 3.2.13", "THISANDFUTURE"),
    "RELATED": ("RFC 5545 3.2.14", "START END"),
    "RSVP": ("RFC 5545 3.2.17", "TRUE FALSE"),
    "DERIVED": ("RFC 9073 5.3", "TRUE FALSE"),
    "SCHEDULE-FORCE-SEND": ("RFC 6638 7.2", "REQUEST REPLY"),
}
_URIS = {
    "ALTREP": "RFC 5545 3.2.1", "DIR": "RFC 5545 3.2.6", "DELEGATED-FROM": "RFC 5545 3.2.4",
    "DELEGATED-TO": "RFC 5545 3.2.5", "MEMBER": "RFC 5545 3.2.11", "SENT-BY": "RFC 5545 3.2.18",
    "SCHEMA": "RFC 9073 5.2",
}  # fmt: skip
_LISTS = frozenset({"DELEGATED-FROM", "DELEGATED-TO", "MEMBER", "DISPLAY", "FEATURE"})
_OTHERS = frozenset({"CN", "FMTTYPE", "LANGUAGE", "TZID", "VALUE", "GAP", "LABEL", "EMAIL"})
_SINGLE = (
    frozenset(_REGISTERED) | frozenset(_FIXED) | frozenset(_URIS) | _OTHERS | {"PARTSTAT"}
) - _LISTS
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+")
_REQUIRED = {"LINK": ("LINKREL", "RFC 9253 6.1"), "CONCEPT": None}


def is_private(name: str) -> bool:
    """Whether a name is one of a vendor's own, which begin with ``X-`` (RFC 5545 3.1)."""
    return name[:2].upper() == "X-" and len(name) > 2


def check_parameters(prop: Property, component: str, findings: CalendarFindings) -> None:
    """Tells what is wrong with the parameters of a property in a component of that name."""
    seen: set[str] = set()
    for parameter in prop.parameters:
        name = parameter.name
        if name in seen:
            findings.tell_at(
                "repeated-parameter", prop, f"{prop.name} has {name[:40]} twice",
                offset=parameter.offset,
            )  # fmt: skip
        seen.add(name)
        if name in _SINGLE and len(parameter.values) > 1:
            findings.tell_at(
                "parameter-value",
                prop,
                f"{name} has one value; one with a comma in it stands in quotes",
                offset=parameter.offset,
            )
            continue
        _check_value(prop, component, parameter, findings)
    required = _REQUIRED.get(prop.name)
    if required and required[0] not in seen:
        findings.tell_at("missing-parameter", prop, f"{prop.name} needs {required[0]}", required[1])
    if prop.name in PROPERTIES:
        _check_type(prop, findings)


def _check_value(
    prop: Property, component: str, parameter: Parameter, findings: CalendarFindings
) -> None:
    name = parameter.name
    problem: tuple[str, str, str] | None = None
    for value, quoted in zip(parameter.values, parameter.quoted, strict=True):
        word = value.upper()
        if name in _REGISTERED or name == "PARTSTAT":
            clause, words = _REGISTERED.get(name) or (
                "RFC 5545 3.2.12", _STATES.get(component, _STATES["VTODO"]),
            )  # fmt: skip
            if quoted and "," in value:
                message = f"{name}: a list is not quoted as one value"
                problem = ("parameter-quotes", message, clause)
            elif word not in words.split() and not is_private(word):
                message = f"{name}={_shown(value)} is not registered and does not begin with X-"
                problem = ("unregistered-value", message, clause)
        elif name in _FIXED:
            clause, words = _FIXED[name]
            if word not in words.split():
                allowed = " or ".join(words.split())
                problem = (
                    "parameter-value", f"{name}={_shown(value)}; it can be {allowed}", clause,
                )  # fmt: skip
        elif name in _URIS:
            if not quoted:
                problem = ("parameter-quotes", f"{name} is a URI in quotes", _URIS[name])
            elif not is_uri(value):
                problem = ("parameter-value", f"{name}: {_shown(value)} is not a URI", _URIS[name])
        elif name == "LANGUAGE":
            if not _LANGUAGE.fullmatch(value):
                message = f"LANGUAGE={_shown(value)} is not a language tag such as de or en-GB"
                problem = ("parameter-value", message, "RFC 5545 3.2.10")
        elif name == "FMTTYPE":
            if not _MEDIA_TYPE.match(value):
                message = f"FMTTYPE={_shown(value)} is not a media type such as text/html"
                problem = ("parameter-value", message, "RFC 5545 3.2.8")
        elif name == "TZID":
            if not value:
                problem = ("parameter-value", "TZID is empty", "RFC 5545 3.2.19")
        elif name == "GAP":
            if parse_duration(value) is None:
                problem = ("gap", f"GAP={_shown(value)} is not a duration such as P14D", "")
        elif name == "CHARSET":
            problem = ("deprecated", "CHARSET went with vCalendar; the file is UTF-8", "")
        if problem:
            findings.tell_at(problem[0], prop, problem[1], problem[2], offset=parameter.offset)
            return


def _check_type(prop: Property, findings: CalendarFindings) -> None:
    kind = PROPERTIES[prop.name]
    parameter = prop.parameter("VALUE")
    if parameter is None:
        if kind.stated:
            allowed = " or ".join(f"VALUE={name}" for name in kind.types)
            findings.tell_at("value-type", prop, f"{prop.name} needs {allowed}", kind.clause)
        return
    word = parameter.values[0].upper()
    if word in kind.types:
        return
    if word in VALUE_TYPES:
        message = f"{prop.name} cannot be VALUE={word}; it is {' or '.join(kind.types)}"
    elif is_private(word) and not kind.stated:
        return  # a vendor's own type, which nobody else can judge
    else:
        message = f"VALUE={_shown(parameter.values[0])} is not a type of values"
    findings.tell_at("value-type", prop, message, kind.clause, offset=parameter.offset)


def _shown(value: str) -> str:
    return value if len(value) <= 40 else value[:39] + "…"


def type_of(prop: Property) -> str:
    """The type of a registered property's value, by VALUE where that is a type it can have."""
    kind = PROPERTIES[prop.name]
    word = (prop.single("VALUE") or "").upper()
    return word if word in kind.types else kind.types[0]

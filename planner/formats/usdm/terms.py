"""The terms of CDISC's code lists that are read, examined and written, and codes of our own.

The codes are those of CDISC's controlled terminology (USDM, protocol and SDTM code lists).
"""

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from planner.formats.usdm.extensions.attributes import EXTENSIONS
from planner.formats.usdm.model import Code

CDISC = "http://www.cdisc.org"
CDISC_VERSION = "2025-03-28"
"""One version for all codes: DDF00073 wants no two of one system within a study."""
OWN_VERSION = "1"


class Term(NamedTuple):
    """A term: its code, what it means, and the list it is from."""

    code: str
    decode: str
    system: str = CDISC
    version: str = CDISC_VERSION


def own(kind: str, code: str, decode: str) -> Term:
    """A term of this project, where CDISC has none that is true of every study."""
    return Term(code, decode, EXTENSIONS + kind, OWN_VERSION)


INTERVENTIONAL = Term("C98388", "Interventional Study")
OFFICIAL_TITLE = Term("C207616", "Official Study Title")
ISSUED_DATE = Term("C215664", "Issued Date")
APPROVAL_DATE = Term("C132352", "Sponsor Approval Date")
GLOBAL = Term("C68846", "Global")
REGISTRY = Term("C93453", "Clinical Study Registry")
HEALTHCARE = Term("C21541", "Healthcare Facility")
SPONSOR = Term("C70793", "Sponsor")
VISIT = Term("C25716", "Visit")
TREATMENT_ARM = Term("C15538", "Protocol Treatment Arm")
INVESTIGATIONAL_ARM = Term("C174266", "Investigational Arm")
DATA_OF_STUDY = Term("C188866", "Data Generated Within Study")
EXPERIMENTAL = Term("C41161", "Experimental Intervention")
PLACEBO = Term("C753", "Placebo")
DRUG = Term("C1909", "Pharmacologic Substance")
PRIMARY_OBJECTIVE = Term("C85826", "Study Primary Objective")
SECONDARY_OBJECTIVE = Term("C85827", "Study Secondary Objective")
PRIMARY_ENDPOINT = Term("C94496", "Primary Endpoint")
SECONDARY_ENDPOINT = Term("C139173", "Secondary Endpoint")
FEMALE = Term("C16576", "Female")
MALE = Term("C20197", "Male")
YEAR = Term("C29848", "Year")

AFTER = Term("C201356", "After")
BEFORE = Term("C201357", "Before")
FIXED = Term("C201358", "Fixed Reference")
TIMING_TYPES = (AFTER, BEFORE, FIXED)
ENDS = {
    # Which end of the reference, then which of the timed instance; true is the end.
    (True, True): Term("C201352", "End to End"),
    (True, False): Term("C201353", "End to Start"),
    (False, True): Term("C201354", "Start to End"),
    (False, False): Term("C201355", "Start to Start"),
}

BLINDING = {
    "open-label": Term("C49659", "Open Label Study"),
    "single-blind": Term("C28233", "Single Blind Study"),
    "double-blind": Term("C15228", "Double Blind Study"),
    # The list knows no more than two; who is blinded stands in the roles.
    "triple-blind": Term("C15228", "Double Blind Study"),
    "quadruple-blind": Term("C15228", "Double Blind Study"),
}
MODELS = {
    "single-group": Term("C82640", "Single Group Study"),
    "crossover": Term("C82637", "Crossover Study"),
    "parallel": Term("C82639", "Parallel Study"),
    # The arms of a wait-list design run side by side until the waiting ends.
    "wait-list": Term("C82639", "Parallel Study"),
}
BLINDED_ROLES = {
    "participant": Term("C41189", "Study Subject"),
    "therapist": Term("C17445", "Care Provider"),
    "rater": Term("C207599", "Outcomes Assessor"),
    "investigator": Term("C25936", "Investigator"),
    "site": Term("C80403", "Study Site"),
    "analyst": Term("C51877", "Statistician"),
}
CONTACTS = {
    "clinic": Term("C175574", "In Person"),
    "home": Term("C175574", "In Person"),
    "phone": Term("C171537", "Telephone Call"),
    "video": Term("C171525", "Audio-Videoconferencing"),
}
SETTINGS = {"clinic": Term("C211570", "Clinic"), "home": Term("C18002", "Home")}
EPOCHS = {
    "screening": Term("C202487", "Screening Epoch"),
    "run-in": Term("C98779", "Run-in Period"),
    "washout": Term("C42872", "Washout Period"),
    "preparation": Term("C98779", "Run-in Period"),
    "treatment": Term("C101526", "Treatment Epoch"),
    "dosing": Term("C101526", "Treatment Epoch"),
    "integration": Term("C202578", "Follow-Up Epoch"),
    "follow-up": Term("C202578", "Follow-Up Epoch"),
    "maintenance": Term("C123452", "Continuation Therapy Epoch"),
}
_SHARING = ("preparation", "dosing", "integration")
EPOCH_KINDS = {
    **{term.code: kind for kind, term in EPOCHS.items() if kind not in _SHARING},
    # Older terms, and the one for observation.
    "C48262": "screening",
    "C99158": "follow-up",
    "C165873": "follow-up",
}
"""Kinds of epochs by their codes; `_SHARING` have none that only they have."""
CONTACT_MODES = {CONTACTS[mode].code: mode for mode in ("clinic", "phone", "video")}
"""Ways of contact by their codes; a contact in person is at the clinic unless its setting says."""


def term_of(code: Code | None, terms: Collection[Term]) -> Term | None:
    """Which of the terms is meant: by the code, else by the decode; ``None`` for none of them."""
    if code is None:
        return None
    return term_of_code(code, terms) or term_of_decode(code, terms)


def term_of_code(code: Code, terms: Collection[Term]) -> Term | None:
    """The term with this code, in letters of either case."""
    written = (code.code or "").strip().upper()
    return next((term for term in terms if term.code == written), None)


def term_of_decode(code: Code, terms: Collection[Term]) -> Term | None:
    """The term that the decode names, in letters of either case.

    The type of a timing is known by the first word of its term wherever that stands.
    """
    words = _words(code.decode or "")
    for term in terms:
        name = _words(term.decode)
        if words == name or (term in TIMING_TYPES and name[0] in words):
            return term
    return None


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


# Meanings by the words that tell them; longer words first where one holds another.
_EPOCHS = {
    "screening": ("screen",),
    "washout": ("wash",),
    "run-in": ("run-in", "run in", "lead-in", "lead in"),
    "preparation": ("baseline", "preparation"),
    "integration": ("integration",),
    "follow-up": ("follow", "safety observation"),
    "maintenance": ("maintenance", "continuation", "extension", "long-term"),
    "dosing": ("dosing",),
    "treatment": ("treatment", "intervention", "induction", "period"),
}
_MODES = {
    "video": ("video", "virtual", "web", "remote"),
    "phone": ("telephone", "phone", "call"),
    "clinic": ("in person", "in-person", "face"),
}
_BLINDINGS = {
    "open-label": ("open",),
    "quadruple-blind": ("quadruple",),
    "triple-blind": ("triple",),
    "double-blind": ("double",),
    "single-blind": ("single blind", "single-blind"),
}
_MODELS = {
    "parallel": ("parallel",),
    "crossover": ("cross",),
    "single-group": ("single group", "single-group"),
    "wait-list": ("wait",),
}
_PARTIES = {
    "participant": ("participant", "subject", "patient"),
    "therapist": ("care provider", "therapist"),
    "rater": ("assessor", "rater"),
    "investigator": ("principal investigator", "investigator"),
    "sponsor": ("sponsor",),
    "site": ("site",),
    "analyst": ("statistic", "analyst"),
}
_TERMINATION = ("terminat", "withdraw", "discontinu", "early exit", "drop-out", "dropout")
_EVENTS = ("adverse", "unscheduled", "unplanned", "relapse", "rescue", "pregnan")


def _first(text: str | None, table: Mapping[str, tuple[str, ...]]) -> str | None:
    lowered = (text or "").lower().replace("_", " ")
    return next(
        (meaning for meaning, words in table.items() if any(word in lowered for word in words)),
        None,
    )


def epoch_kind(kind: Code | None, *texts: str | None) -> str | None:
    """The kind of an epoch by its code, by what that stands for, else by its own words."""
    if kind is not None:
        known = EPOCH_KINDS.get(kind.code or "")
        if known == "run-in" and "preparation" in [_first(text, _EPOCHS) for text in texts]:
            return "preparation"  # which is written with the term of a run-in
        if known is not None:
            return known
        kind_of_words = _first(kind.decode, _EPOCHS)
        if kind_of_words is not None:
            return kind_of_words
    return next(
        (kind_of_words for text in texts if (kind_of_words := _first(text, _EPOCHS)) is not None),
        None,
    )


def contact_mode(code: Code) -> str | None:
    """The way of a contact: clinic, phone or video."""
    if code.code in CONTACT_MODES:
        return CONTACT_MODES[code.code]
    return _first(code.decode, _MODES)


def is_home(code: Code) -> bool:
    """Whether a setting is the participant's home."""
    return "home" in (code.decode or "").lower()


def blinding_word(code: Code | None) -> str | None:
    """The blinding as a word of `design:`."""
    return None if code is None else _first(code.decode, _BLINDINGS)


def model_word(code: Code | None) -> str | None:
    """The intervention model as a word of `design:`."""
    return None if code is None else _first(code.decode, _MODELS)


def blinded_party(role: str) -> str | None:
    """Who a masked role is, as a word of `blinded:`."""
    return _first(role, _PARTIES)


def is_termination(*texts: str | None) -> bool:
    """Whether words speak of leaving the study early."""
    return any(word in (text or "").lower() for text in texts for word in _TERMINATION)


def is_event(*texts: str | None) -> bool:
    """Whether words speak of something that happens on no planned day."""
    return is_termination(*texts) or any(
        word in (text or "").lower() for text in texts for word in _EVENTS
    )

"""What terms of code lists mean in our words: kinds of epochs, ways of contact, designs, roles."""

from collections.abc import Mapping

from planner.formats.usdm.model import Code
from planner.formats.usdm.terms import CONTACT_MODES, EPOCH_KINDS

# Meanings by the words that tell them; longer words first where one holds another.
_EPOCHS = {
    "screening": ("screen",),
    "washout": ("wash",),
    "preparation": ("run-in", "lead-in", "baseline", "preparation"),
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
        if kind.code in EPOCH_KINDS:
            return EPOCH_KINDS[kind.code]
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

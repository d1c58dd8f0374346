"""The words that schedules of activities use for time, by what they do."""

from typing import Literal

from planner.protocol.timing_text.units import Unit

Bound = Literal["≤", "<", "≥", ">", "within"]


def word_set(words: str) -> frozenset[str]:
    """The words of a text as a set, for lists that read better without quotes."""
    return frozenset(_listed(words))


def _listed(words: str) -> list[str]:
    return words.split()


_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}
NUMBERS: dict[str, int] = {
    word: number
    for number, word in enumerate(
        _listed(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen "
            "fourteen fifteen sixteen seventeen eighteen nineteen"
        )
    )
} | _TENS
ORDINALS: dict[str, int] = {
    word: number
    for number, word in enumerate(
        _listed("first second third fourth fifth sixth seventh eighth ninth tenth"), start=1
    )
} | {"other": 2, "alternate": 2}
ORDINAL_ENDS = ("st", "nd", "rd", "th")

BOUNDS: dict[tuple[str, ...], Bound] = {
    ("≤",): "≤", ("<",): "<", ("≥",): "≥", (">",): ">",
    ("up", "to"): "≤", ("at", "most"): "≤", ("maximum", "of"): "≤", ("maximum",): "≤",
    ("max",): "≤", ("no", "more", "than"): "≤", ("not", "more", "than"): "≤",
    ("no", "later", "than"): "≤", ("not", "later", "than"): "≤", ("no", "longer", "than"): "≤",
    ("no", "greater", "than"): "≤", ("not", "exceeding"): "≤", ("until",): "≤",
    ("less", "than", "or", "equal", "to"): "≤", ("less", "than"): "<", ("under",): "<",
    ("fewer", "than"): "<",
    ("at", "least"): "≥", ("minimum", "of"): "≥", ("minimum",): "≥", ("no", "less", "than"): "≥",
    ("a", "minimum", "of"): "≥", ("a", "maximum", "of"): "≤",
    ("not", "less", "than"): "≥", ("no", "fewer", "than"): "≥", ("no", "sooner", "than"): "≥",
    ("no", "earlier", "than"): "≥", ("not", "earlier", "than"): "≥",
    ("greater", "than", "or", "equal", "to"): "≥", ("more", "than"): ">", ("greater", "than"): ">",
    ("longer", "than"): ">",
    ("by",): "≤", ("through",): "≤", ("thru",): "≤", ("min",): "≥",
    ("within",): "within", ("within", "the"): "within",
}  # fmt: skip

AFTER: dict[tuple[str, ...], str] = {
    ("after",): "after", ("post",): "after", ("following",): "after", ("from",): "after",
    ("since",): "after", ("before",): "before", ("prior", "to"): "before", ("pre",): "before",
    ("preceding",): "before", ("prior",): "before", ("later", "than"): "after",
    ("in", "advance", "of"): "before",
}  # fmt: skip
EVENTS = {
    "dose": "dose", "dosing": "dosing", "infusion": "infusion", "injection": "injection",
    "administration": "administration", "meal": "meal", "vaccination": "vaccination",
    "vacc": "vaccination", "immunization": "immunization", "immunisation": "immunisation",
    "surgery": "surgery", "op": "operation", "procedure": "procedure", "challenge": "challenge",
    "prandial": "meal", "transplant": "transplant", "biopsy": "biopsy",
}  # fmt: skip
"""What `pre-` and `post-` stand before to say a moment; `post-treatment` is an epoch's name."""

ADVERBS: dict[str, tuple[int, Unit]] = {
    "hourly": (1, "h"), "daily": (1, "d"), "weekly": (1, "w"), "fortnightly": (2, "w"),
    "monthly": (1, "mo"), "quarterly": (3, "mo"), "yearly": (1, "y"), "annually": (1, "y"),
    "annual": (1, "y"), "qd": (1, "d"), "qod": (2, "d"), "qw": (1, "w"), "qwk": (1, "w"),
    "qow": (2, "w"), "qm": (1, "mo"), "qmo": (1, "mo"), "qh": (1, "h"), "semiannually": (6, "mo"),
}  # fmt: skip
SEVERAL: dict[str, tuple[int, Unit]] = {
    "bid": (2, "d"), "tid": (3, "d"), "qid": (4, "d"), "biw": (2, "w"), "tiw": (3, "w"),
}  # fmt: skip
"""So many times in one unit."""
OFTEN = {"once": 1, "twice": 2, "thrice": 3}
TWO_WAYS: dict[str, tuple[str, str]] = {
    "biweekly": ("every 2w", "2 times every 1w"), "bimonthly": ("every 2mo", "2 times every 1mo"),
    "biannually": ("every 6mo", "every 2y"), "biannual": ("every 6mo", "every 2y"),
    "bidaily": ("every 2d", "2 times every 1d"), "biyearly": ("every 6mo", "every 2y"),
}  # fmt: skip

RANGE = ("to", "-", "..", "...", "through", "thru", "till", "until", "~")
ONWARDS = (
    ("and", "beyond"), ("and", "onwards"), ("and", "onward"), ("onwards",), ("onward",),
    ("and", "later"), ("and", "above"), ("and", "up"), ("and", "following"), ("and", "after"),
    ("and", "subsequent", "cycles"), ("and", "all", "subsequent", "cycles"), ("beyond",),
    ("and", "further"), ("or", "later"), ("or", "higher"), ("and", "higher"), ("forward",),
    ("and", "subsequent"), ("and", "all", "subsequent"), ("and", "greater"),
)  # fmt: skip
"""Behind a number: this one and all later ones."""
STARTING = ("starting", "beginning", "commencing", "start", "begin")
APPROXIMATELY = ("approximately", "approx", "about", "circa", "ca", "around", "~", "nominally")
THEN = ("then", "thereafter", "subsequently")
NOISE = (
    "at", "on", "in", "the", "is", "are", "of", "an", "be", "will", "and", "window", "visit",
    "visits", "calendar", "during", "performed",
)  # fmt: skip
"""Words that may stand beside a time without changing it."""
MEANINGFUL = word_set(
    "not no nor except excluding unless never minus plus alternate odd even half quarter "
    "each every per times time a within until till through thru between than least most "
    "more less before after prior pre post following since from preceding off business "
    "working weekend weekends weekday weekdays second seconds sec secs percent either "
    "neither both twice once thrice another additional extra late earlier later sooner "
    "ago alternating interval intervals max maximum minimum equal over under but without "
    "any respectively am pm noon midnight morning evening by immediately shortly soon apart "
    "to age aged"
)
"""Words that change what a time says: a text in which one is left over is not understood."""
SCREENING = word_set(
    "screening baseline bl scr pretreatment screen enrollment enrolment eligibility"
)
EDGES = word_set("end start beginning middle mid last first")
BASELINES = word_set("baseline bl randomization randomisation")

"""Patterns of the texts of files, by which an editor refuses `2 hours` before the planner does.

They are in the syntax that JSON Schema shares with Python. Each takes all that the reader takes;
what a pattern cannot say (the order of ends, days that a month has) only the reader knows.
"""


def whole(pattern: str) -> str:
    """A pattern of a whole text, with spaces around it."""
    return f"^ *(?:{pattern}) *$"


_CALENDAR = "(?:(?:[0-9]{1,9}(?:y|mo|w|d))+|[0-9]{1,9}bd)"
_CLOCK = "(?:[0-9]{1,9}(?:h|min))+"
DISTANCE = f"[+-]*(?:{_CALENDAR}|{_CLOCK}|P[0-9A-Z.,+-]+)"
CLOCK = f"[+-]*(?:{_CLOCK}|P[0-9A-Z.,+-]*T[0-9A-Z.,+-]+)"


def window(distance: str) -> str:
    """A pattern of windows: two ends, one of them open, or exactly one distance."""
    some = f" *{distance} *"
    return f"{some}\\.\\.(?:{some})?|\\.\\.{some}|[<>]={some}|{some}"


_REACH = f" *{DISTANCE} *"
_BEFORE, _AFTER = f"[-\u2212]{_REACH}", f"\\+{_REACH}"
WINDOW = f"{window(DISTANCE)}|(?:±|\\+/-|\\+-){_REACH}|{_BEFORE}/ *{_AFTER}|{_AFTER}/ *{_BEFORE}"
TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
TIMES = f"{TIME} *(?:\\.\\. *{TIME})?"
DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
MOMENT = (
    f"{DATE}(?:[T ][0-9]{{2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:\\.[0-9]{{1,9}})?)?"
    "(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
COUNT = "[0-9]{1,4}(?:\\.\\.[0-9]{1,4})?"
_INTERVAL = f" *{TIME} *(?:-|–|\\.\\.) *(?:{TIME}|24:00) *"
INTERVAL = _INTERVAL
HOURS = f"closed|{_INTERVAL}(?:,{_INTERVAL})*"
CODE = "[A-Za-z0-9._-]*[0-9][A-Za-z0-9._-]*"

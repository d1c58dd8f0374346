"""Of several timings of one visit, the first keeps its target: a visit of ours has one.

The others keep the room that they allow. A target without a window allows itself alone, or nothing
is left of it where targets are only preferred.
"""

from planner.formats.usdm.read.import_log import ImportLog
from planner.protocol.document import Path
from planner.time.distance import (
    CalendarDistance,
    Distance,
    Tolerance,
    UnitError,
    Window,
    parse_distance,
    parse_window,
)


def without_target(
    account: ImportLog, rule: dict[str, object], name: str, where: Path, *, exact: bool
) -> bool:
    """Turns the target of a timing and the room around it into a window.

    Args:
        account: takes what has to be told.
        rule: the timing as plain data; it is changed.
        name: the visit's.
        where: the timing's JSON path.
        exact: whether a target without a window is that very day.

    Returns:
        Whether the timing still says something.
    """
    target = parse_distance(str(rule["target"]))
    if "within" not in rule and not exact:
        account.left_out(
            f"`{name}` has another target, and {target} from `{rule['visit']}` is only preferred",
            where,
        )
        return False
    within = parse_window(str(rule["within"])) if "within" in rule else Window(target, target)
    window = within.around(target) if isinstance(within, Tolerance) else within
    text = _written(window)
    account.reading(
        f"`{name}` has several timings; the first has its target, the one from `{rule['visit']}`"
        f" is read as {text}, without its target {target}",
        where,
        expected=True,
    )
    keys = ("visit", "within", "of", "source", "note")
    rest = {**rule, "within": text}
    del rest["target"]
    if "note" in rest:
        rest["note"] = f"{rest['note']}; its target is {target}"
    rule.clear()
    rule.update({key: rest[key] for key in keys if key in rest})
    return True


def _written(window: Window) -> str:
    """A window as text; with days added to months, the days that it can be at most."""
    text = str(window)
    try:
        parse_window(text)
    except UnitError:
        return str(Window(_days(window.earliest, 0), _days(window.latest, 1)))
    return text


def _days(distance: Distance | None, end: int) -> Distance | None:
    if not isinstance(distance, CalendarDistance):
        return distance
    return CalendarDistance(0, distance.day_span[end])

"""The timings of a visit in a few words, as written, for a table that numbers its visits."""

from collections.abc import Mapping, Sequence

from planner.protocol.course import Course, Point, TimingConstraint
from planner.protocol.visit import Timing
from planner.time.distance import Tolerance, Window, turned
from planner.views.footnotes import Footnotes


def timing_text(
    rules: Sequence[TimingConstraint], numbers: Mapping[str, str], footnotes: Footnotes
) -> str:
    """All timings of one visit, such as `4w (3w..5w) after V06; ≥ 1d after V07`.

    The target comes first, its window in brackets; timings from the same reference stand together.
    Marks tell what is only assumed.

    Args:
        rules: those of one visit, which count from any other.
        numbers: names of the visits by occurrence id.
        footnotes: where the grades of what is only assumed get their marks.
    """
    together: dict[tuple[Point, bool, bool], list[TimingConstraint]] = {}
    stays = dict.fromkeys(rule.reference.visit for rule in rules if rule.is_during)
    for rule in rules:
        if rule.is_during:
            continue
        together.setdefault((rule.reference, rule.point.end, rule.backwards), []).append(rule)
    parts = []
    for (reference, of_end, backwards), group in together.items():
        side = "before" if backwards else "after"
        subject = "its end " if of_end else ""
        mark = footnotes.of_grades(rule.stated for rule in group)
        distances = _distances(group)
        far = f"{distances} {side}" if distances else side
        parts.append(f"{subject}{far} {_point(reference, numbers)}{mark}")
    parts += [f"during {numbers[visit]}" for visit in stays]
    return "; ".join(parts)


def constraint_text(rule: TimingConstraint, numbers: Mapping[str, str]) -> str:
    """A rule between two visits as a sentence's part: `V09 must be 3d..14d after V06`.

    Args:
        rule: with a window or a target.
        numbers: names of the visits by occurrence id.
    """
    window = window_text(rule.window) if rule.window is not None else str(rule.target)
    return f"{_point(rule.point, numbers)} must be {window} after {_point(rule.reference, numbers)}"


def order_texts(course: Course, numbers: Mapping[str, str]) -> list[str]:
    """The visits that take place in listed order as sentences, a stretch of them in each.

    Args:
        course: any.
        numbers: names of the visits by occurrence id.
    """
    chains: list[list[str]] = []
    for rule in course.order:
        if chains and chains[-1][-1] == rule.reference.visit:
            chains[-1].append(rule.point.visit)
        else:
            chains.append([rule.reference.visit, rule.point.visit])
    if len(chains) == 1 and len(chains[0]) == len(course.visits):
        return ["The visits take place in this order."]
    return [f"In this order: {', '.join(numbers[name] for name in chain)}." for chain in chains]


def window_text(window: Window) -> str:
    """A window as written, an open one with its sign: `3w..5w`, `1d`, `≥ 6w`."""
    if window.earliest is None:
        return f"≤ {window.latest}"
    if window.latest is None:
        return f"≥ {window.earliest}"
    return str(window)


def _distances(rules: Sequence[TimingConstraint]) -> str:
    target = ""
    windows = []
    for rule in rules:
        if rule.target is not None:
            target = str(-rule.target if rule.backwards else rule.target)
        written = rule.stated.within if isinstance(rule.stated, Timing) else None
        if isinstance(written, Tolerance):
            windows.append(str(written))
        elif rule.window is not None:
            windows.append(window_text(turned(rule.window) if rule.backwards else rule.window))
    allowed = " and ".join(windows)
    if not target or not allowed:
        return target or allowed
    return f"{target} {allowed}" if allowed[0] in "±-" else f"{target} ({allowed})"


def _point(point: Point, numbers: Mapping[str, str]) -> str:
    return f"the end of {numbers[point.visit]}" if point.end else numbers[point.visit]

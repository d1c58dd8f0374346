"""What labels say of times and windows against the values beside them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from planner.checks.finding import Finding
from planner.formats.usdm.lint.findings import finding_at
from planner.formats.usdm.lint.span import DAY, ZERO, TimeSpan, read_duration
from planner.formats.usdm.lint.timing_graph import DesignGraph, TimingLink, named, quoted
from planner.formats.usdm.lint.timings import side
from planner.formats.usdm.model import StudyTiming
from planner.protocol.document import Path
from planner.protocol.timing_text.labels import LabelDistances, label_distances
from planner.time.distance import CalendarDistance, Distance, Tolerance

_MAX_LABEL_LENGTH = 40
_MAX_RESTARTS = 20
_ONLY = re.compile(
    r"[-+±]?\s*\d+(?:[.,]\d+)?\s*[A-Za-z]+\.?(?:\s(?:before|after|later|prior|post)\b.*)?"
)
_HYPHEN = re.compile(r"(?<=[A-Za-z])[-_](?=\d)")
_UNITS = {
    "week": TimeSpan(0, 7 * DAY),
    "month": TimeSpan(1, 0),
    "year": TimeSpan(12, 0),
}


class _Label(NamedTuple):
    """A label that says a distance, whose it is and where it stands."""

    text: str
    whose: str
    reading: LabelDistances
    path: Path


def label_findings(graph: DesignGraph) -> Iterator[Finding]:
    """Labels of a timeline's timings, instances and encounters."""
    for timing in graph.timeline.timings:
        yield from _value_label(graph, timing)
        yield from _window_label(graph, timing)
    yield from _places(graph)


@lru_cache(maxsize=4096)
def _said(text: str) -> LabelDistances | None:
    """What a short label says of a distance, where it says that and nothing else."""
    if len(text) > _MAX_LABEL_LENGTH or not any(letter.isdigit() for letter in text):
        return None
    label_says = label_distances(text)
    if label_says is None or not label_says.distances:
        return None
    # "1 minute standing" is how long something takes, "after 3 min standing" counts from elsewhere.
    return label_says if label_says.numbered or _ONLY.fullmatch(text.strip()) else None


def _amount(distance: Distance) -> TimeSpan:
    if isinstance(distance, CalendarDistance):
        return TimeSpan(distance.months, distance.days * DAY)
    return TimeSpan(0, distance.minutes * 60)


def _same(time_span: TimeSpan, other: TimeSpan) -> bool:
    """Whether two amounts can be equal, months being as long as they can be."""
    difference = time_span.minus(other)
    return difference.least() <= 0 <= difference.most()


def _agrees(label_distances: LabelDistances, *amounts: TimeSpan) -> bool:
    return any(
        _alike(_amount(distance).magnitude(), amount.magnitude(), label_distances.numbered)
        for distance in label_distances.distances
        for amount in amounts
    )


def _alike(time_span: TimeSpan, amount: TimeSpan, unit: str | None) -> bool:
    """Whether a label can mean an amount; months against weeks are another check's."""
    if bool(time_span.months) != bool(amount.months):
        (low, high), (least, most) = (_by_months(time_span) for time_span in (time_span, amount))
        return low <= most and least <= high
    if unit == "week" and amount.seconds % (7 * DAY):
        # A day within the week of that number, the first one being 0 or 1.
        return abs(amount.seconds - time_span.seconds) < 7 * DAY
    return _same(time_span, amount)


def _by_months(amount: TimeSpan) -> tuple[int, int]:
    return amount.months * 28 * DAY + amount.seconds, amount.months * 31 * DAY + amount.seconds


def _value_label(graph: DesignGraph, timing: StudyTiming) -> Iterator[Finding]:
    label, value = timing.value_label, read_duration(timing.value or "")
    label_distances = _said(label) if label else None
    if label_distances is None or value is None or label is None or label_distances.numbered:
        return  # a number of a day or a week is a place, as other labels are
    if _agrees(label_distances, value.amount):
        return
    message = (
        f"the `valueLabel` of {named(timing)} says {quoted(label)}, its `value` is"
        f" {timing.value}, {value.amount}; the value is followed"
    )
    path = (*timing.path, "valueLabel")
    related = (("the value", (*timing.path, "value")),)
    hint = "the text of the protocol decides which of the two is right"
    yield finding_at("label-and-value", message, path, graph.about_timing(timing), hint, related)


def _window_label(graph: DesignGraph, timing: StudyTiming) -> Iterator[Finding]:
    label = timing.window_label
    label_says = label_distances(label) if label and len(label) <= _MAX_LABEL_LENGTH else None
    if label_says is None or label is None:
        return
    low, high = _window_of(label_says)
    if low is None or high is None:
        return
    lower = read_duration(timing.window_lower or "")
    upper = read_duration(timing.window_upper or "")
    if timing.window_lower is None and timing.window_upper is None:
        if (low, high) == (ZERO, ZERO):
            return
        written = "there is no window"
        field = "windowLabel"
    elif lower is None or upper is None:
        return
    else:
        value = read_duration(timing.value or "")
        goal = ZERO if value is None else value.amount.magnitude()
        early, late = lower.amount.magnitude().negated(), upper.amount
        around = (early, late), (goal.plus(early), goal.plus(late))
        if any(_same(low, least) and _same(high, most) for least, most in around):
            return
        written = f"the window is {timing.window_lower} before to {timing.window_upper} after"
        field = "windowLower" if not _same(low, early) else "windowUpper"
    message = (
        f"the `windowLabel` of {named(timing)} says {quoted(label)}, but {written} the target"
        if field != "windowLabel"
        else f"the `windowLabel` of {named(timing)} says {quoted(label)}, but {written}"
    )
    related = () if field == "windowLabel" else (("so", (*timing.path, field)),)
    yield finding_at(
        "label-and-value",
        f"{message}; the label is not followed",
        (*timing.path, "windowLabel"),
        graph.about_timing(timing),
        "correct the label, or the side of the window that it contradicts",
        related,
    )


def _window_of(label_distances: LabelDistances) -> tuple[TimeSpan | None, TimeSpan | None]:
    window = label_distances.window
    if isinstance(window, Tolerance):
        return _amount(window.before).negated(), _amount(window.after)
    if window is None or window.earliest is None or window.latest is None:
        return None, None
    return _amount(window.earliest), _amount(window.latest)


def _places(graph: DesignGraph) -> Iterator[Finding]:
    """Labels that say where in time an instance lies, against where its timings put it."""
    placed = graph.placed
    labels_at: dict[int, list[_Label]] = {}
    for at, place in placed.items():
        # An instance that something else is counted from has no timing that could be labelled.
        if place.link is not None and graph.target_of(place.link.timing.from_id) == at:
            labels = list(_labels(graph, at, place.link))
            if labels:
                labels_at[at] = labels
    shifted = _counted_from_one(graph, labels_at)
    restarts = _restarts(graph, labels_at)
    for at, labels in labels_at.items():
        place = placed[at]
        assert place.link is not None
        amounts = [place.link.target, place.target]
        amounts += [
            place.target.minus(placed[restart].target)
            for restart in restarts
            if placed[restart].root == place.root
        ]
        wrong = [
            label
            for label in labels
            if not _agrees(label.reading, *amounts)
            and not (label.reading.numbered in shifted and _agrees_shifted(label.reading, amounts))
        ]
        if wrong:
            yield _misplaced(graph, at, place.link, wrong)
    yield from _day_numbers(graph, labels_at)


def _labels(graph: DesignGraph, at: int, link: TimingLink) -> Iterator[_Label]:
    """The labels of an instance's timing, of its encounter, and, where it is no visit, its own."""
    timing, instance = link.timing, graph.instances[at]
    fields = {"label": timing.label, "valueLabel": timing.value_label, "name": timing.name}
    for field, text in fields.items():
        # The hyphen in names such as day-2 is no sign.
        plain = _HYPHEN.sub(" ", text or "") if field == "name" else text
        label_distances = _said(plain) if plain else None
        if text and label_distances is not None and (label_distances.numbered or field == "label"):
            whose = f"the {field} of {named(timing)}"
            yield _Label(text, whose, label_distances, (*timing.path, field))
    if not graph.timeline.is_main:  # visits' titles are examined with those of other protocols
        label_distances = _said(instance.label) if instance.label else None
        if instance.label and label_distances is not None and label_distances.numbered:
            yield _Label(instance.label, "its label", label_distances, (*instance.path, "label"))
    encounter = graph.encounter_of(at)
    if encounter is None:
        return
    for field, text in (("label", encounter.label), ("description", encounter.description)):
        label_distances = _said(text) if text else None
        if text and label_distances is not None and label_distances.numbered:
            whose = f"the {field} of its encounter {quoted(encounter.name or encounter.id)}"
            yield _Label(text, whose, label_distances, (*encounter.path, field))


def _counted_from_one(graph: DesignGraph, labels_at: dict[int, list[_Label]]) -> set[str]:
    """Units whose labels mostly number the first one 1: `Week 1` at the anchor itself."""
    exact: dict[str, set[TimeSpan]] = {}
    later: dict[str, set[TimeSpan]] = {}
    for at, labels in labels_at.items():
        target = graph.placed[at].target
        for label in labels:
            unit = label.reading.numbered
            if unit in _UNITS:
                if _agrees(label.reading, target):
                    exact.setdefault(unit, set()).add(target)
                elif _agrees_shifted(label.reading, [target]):
                    later.setdefault(unit, set()).add(target)
    return {unit for unit, times in later.items() if len(times) > max(1, len(exact.get(unit, ())))}


def _agrees_shifted(label_distances: LabelDistances, amounts: list[TimeSpan]) -> bool:
    unit = _UNITS.get(label_distances.numbered or "")
    return unit is not None and any(
        _same(_amount(label_distances.distances[0]).minus(unit), amount) for amount in amounts
    )


def _restarts(graph: DesignGraph, labels_at: dict[int, list[_Label]]) -> list[int]:
    """Instances other than the anchor from which days are counted anew, for they are its Day 1.

    They are called Day 1, and lie in another epoch or beside an anchor that is called so, too.
    """
    restarts = []
    for at, labels in labels_at.items():
        root = graph.placed[at].root
        if any(
            label.reading.numbered == "day" and _agrees(label.reading, ZERO) for label in labels
        ):
            epochs = {graph.instances[instance_number].epoch_id for instance_number in (at, root)}
            if len(epochs) == 2 or _is_day_one(graph, root):
                restarts.append(at)
    return restarts[:_MAX_RESTARTS]


def _is_day_one(graph: DesignGraph, root: int) -> bool:
    for _, timing, at in graph.fixed:
        label_distances = _said(timing.label) if at == root and timing.label else None
        if (
            label_distances is not None
            and label_distances.numbered == "day"
            and _agrees(label_distances, ZERO)
        ):
            return True
    return False


def _misplaced(graph: DesignGraph, at: int, link: TimingLink, wrong: list[_Label]) -> Finding:
    place, first = graph.placed[at], wrong[0]
    message = (
        f"{first.whose} says {quoted(first.text)}"
        if first.whose != "its label"
        else (f"the label of {graph.name(at)} says {quoted(first.text)}")
    )
    reference, root = graph.name(link.reference), graph.name(place.root)
    message += f", but {graph.name(at)} is timed {side(link.target)} {reference}"
    if link.reference != place.root:
        message += f", {side(place.target)} {root}"
    related = [(f"{label.whose} says {quoted(label.text)}", label.path) for label in wrong[1:]]
    related.append(("the value", (*link.timing.path, "value")))
    return finding_at(
        "label-and-value",
        f"{message}; the value is followed",
        first.path,
        graph.about(at),
        "the text of the protocol decides which of the two is right",
        tuple(related),
    )


def _day_numbers(graph: DesignGraph, labels_at: dict[int, list[_Label]]) -> Iterator[Finding]:
    """Labels that number days as if the anchor were Day 0, beside an anchor that is Day 1."""
    from_zero: list[tuple[int, _Label]] = []
    from_one: list[tuple[int, _Label]] = []
    for at, labels in labels_at.items():
        for label in labels:
            if label.reading.numbered != "day" or len(label.reading.distances) < 2:
                continue
            for distance, group in zip(
                label.reading.distances, (from_zero, from_one), strict=False
            ):
                if graph.placed[at].target == _amount(distance):
                    group.append((at, label))
    if not from_zero:
        return
    at, label = from_zero[0]
    root = graph.placed[at].root
    days = graph.placed[at].target.seconds // DAY
    zero_words = (
        f"{quoted(label.text)} ({label.whose}) is {days} days after {graph.name(root)}, as if"
        " that were Day 0"
    )
    anchor = next(
        (
            timing
            for _, timing, fixed in graph.fixed
            if fixed == root and (timing.value or "").strip().upper() == "P1D"
        ),
        None,
    )
    if from_one:
        other_at, other = from_one[0]
        days = graph.placed[other_at].target.seconds // DAY
        message = f"{zero_words}; {quoted(other.text)} ({other.whose})"
        message += f" is {days} days after, as if Day 1"
        related = ("counted from 1", other.path)
    elif anchor is not None:
        more = f", and {len(from_zero) - 1} more are counted so" if len(from_zero) > 1 else ""
        message = f"{zero_words}{more}; its own value, P1D, calls it Day 1"
        related = ("the anchor's value", (*anchor.path, "value"))
    else:
        return
    yield finding_at(
        "day-numbering",
        f"{message}. The timings are followed; dates by the labels may be a day off",
        label.path,
        graph.about(at),
        "number the days from 0 or from 1 throughout",
        (related,),
    )

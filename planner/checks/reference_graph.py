"""What ties the visits of a course to each other and to its anchor: rules as a graph."""

from collections.abc import Collection

from planner.protocol.course import Course, TimingConstraint


def is_own_reference(rule: TimingConstraint) -> bool:
    """Whether a visit counts from itself, which places nothing."""
    # From its own start to its own end is a way to write how long a visit takes.
    return rule.reference.visit == rule.point.visit and not (
        rule.point.end and not rule.reference.end
    )


def timings_of(course: Course, names: Collection[str]) -> dict[str, list[TimingConstraint]]:
    """The timings of visits that count from another visit; constraints place nothing."""
    timings: dict[str, list[TimingConstraint]] = {name: [] for name in names}
    for rule in course.rules:
        name = rule.point.visit
        if name in timings and rule.path[0] == "epochs" and rule.reference.visit != name:
            timings[name].append(rule)
    return timings


def reference_cycle(course: Course, names: Collection[str]) -> list[TimingConstraint]:
    """Timings that lead from a visit back to itself, starting at the first listed; or none."""
    timings = timings_of(course, names)
    counting_from: dict[str, list[str]] = {name: [] for name in timings}
    for name, rules in timings.items():
        for rule in rules:
            counting_from.setdefault(rule.reference.visit, []).append(name)
    # Taking away what counts from nothing, again and again, leaves only circles and what leads in.
    open_rules = {name: len(rules) for name, rules in timings.items()}
    ends = [name for name, number in open_rules.items() if not number]
    while ends:
        end = ends.pop()
        del open_rules[end]
        for name in counting_from[end]:
            open_rules[name] -= 1
            if not open_rules[name]:
                ends.append(name)
    if not open_rules:
        return []
    walked: dict[str, TimingConstraint] = {}
    name = next(iter(open_rules))
    while name not in walked:
        walked[name] = next(rule for rule in timings[name] if rule.reference.visit in open_rules)
        name = walked[name].reference.visit
    rules = list(walked.values())
    return rules[list(walked).index(name) :]

"""Deviations from the rules between participants, over all records of some cohorts."""

from collections.abc import Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from planner.protocol.file import ProtocolFile
from planner.protocol.model import Protocol
from planner.schedule.visit_numbers import label_of
from planner.time.local import to_local
from planner.timeline.between_participants import (
    CohortMember,
    cohort_before,
    early_reviews,
    other_dates,
    plain_cohort,
    wait_text,
    waits,
)
from planner.timeline.deviations import Deviation
from planner.timeline.model import DateWindow
from planner.timeline.record import RecordFile


def between_deviations(
    file: ProtocolFile, members: Sequence[CohortMember], zone: ZoneInfo
) -> Iterator[Deviation]:
    """What took place too soon after another participant's visit, or not on the cohort's date.

    Args:
        file: where the rules stand.
        members: with what took place.
        zone: of the site.
    """
    by_code = {member.participant: member for member in members}

    def deviation(
        kind: str,
        code: str,
        visit: str,
        at: int,
        rule: str,
        window: DateWindow,
        *,
        days: int = 0,
        minutes: int = 0,
    ) -> Deviation:
        member = by_code[code]
        occurrence = member.course.visit(visit)
        place = file.position(("between_participants", at))
        return Deviation(
            participant=code,
            visit=visit,
            title=occurrence.title,
            label=label_of(occurrence, file.protocol),
            kind=kind,
            actual=to_local(member.placed[visit].start, zone) if visit in member.placed else None,
            window=window,
            days=days,
            minutes=minutes,
            rule=rule,
            source=f"{file.path}:{place.line}",
            ruled_out=(),
            why=(),
            reason=None,
        )

    for wait in waits(file.protocol, members):
        if wait.short or wait.is_early:
            size = {"minutes" if wait.is_clock else "days": wait.short}
            window = DateWindow(wait.first_day(zone), None)
            yield deviation(
                "too-soon",
                wait.participant,
                wait.visit,
                wait.at,
                wait_text(wait, zone),
                window,
                **size,
            )
    for other in other_dates(file.protocol, members):
        own, shared = by_code[other.participant].placed[other.visit].day, other.day
        day = date.fromordinal(shared)
        yield deviation(
            "other-date",
            other.participant,
            other.visit,
            other.at,
            f"{other.visit} is on one date for all participants of cohort {other.cohort}",
            DateWindow(day, day),
            days=abs(own - shared),
        )
    for early in early_reviews(file.protocol, members):
        yield deviation(
            "early-review",
            early.participant,
            early.visit,
            early.at,
            f"gate {early.rule.gate}, passed on {early.passed}, comes after {early.of} of"
            f" {early.other}",
            DateWindow(None, None),
        )


class Cohorts:
    """The participants of a protocol's cohorts, gathered record by record.

    Args:
        protocol: whose rules between participants are held against them; without any, nobody is
            kept.
    """

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        self.rules = protocol.between_participants
        self.members: list[CohortMember] = []
        self._without: list[str] = []

    def add(self, file: RecordFile, member: CohortMember | None) -> None:
        """Takes one participant in.

        Args:
            file: the record.
            member: ``None`` where the record says no cohort.
        """
        if self.rules and member is not None:
            self.members.append(member)
        elif self.rules:
            self._without.append(file.record.participant)

    def unchecked(self, left_out: Sequence[tuple[str, str]]) -> list[str]:
        """What of the rules no record could be held against, a sentence each.

        Args:
            left_out: records that could not be read, each with why.
        """
        if not self.rules:
            return []
        sentences = []
        if self._without:
            named = ", ".join(self._without[:5])
            more = f" and {len(self._without) - 5} more" if len(self._without) > 5 else ""
            sentences.append(f"no cohort stands in the record of {named}{more}")
        if left_out:
            sentences.append("the records that are left out may be of any cohort")
        if any(rule.after == "cohort-before" for rule in self.rules):
            sentences += self._before_unknown()
        return sentences

    def _before_unknown(self) -> Iterator[str]:
        cohorts = dict.fromkeys(plain_cohort(member.cohort) for member in self.members)
        for cohort in cohorts:
            try:
                before = cohort_before(cohort)
            except ValueError as error:
                yield str(error)
                continue
            if before is not None and before not in cohorts:
                yield f"cohort {cohort} waits for cohort {before}, of which no record is given"

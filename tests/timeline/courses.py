"""Small courses, sites and records that the tests of this folder share."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from planner.protocol.model import Protocol
from planner.site.calendar import SiteCalendar
from planner.site.model import Site
from planner.timeline.participant_state import PlannerCache, plan_participant
from planner.timeline.record import Record, RecordFile

START = date(2027, 3, 1)  # a Monday
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def day(number: int) -> date:
    """So many days after the start."""
    return START + timedelta(days=number)


def protocol(visits: list[dict[str, Any]], **more: Any) -> Protocol:
    """One epoch of visits, anchored at `v0`."""
    return Protocol.model_validate(
        {
            "format": 1,
            "id": "small",
            "title": "Small",
            "version": "1",
            "status": "illustrative",
            "design": "open-label",
            "anchor": "v0",
            "epochs": [{"id": "all", "kind": "treatment", "visits": visits}],
            **more,
        }
    )


def site(
    closed: Iterable[int] = (), closures: Iterable[date] = (), zone: str = "Europe/Berlin"
) -> SiteCalendar:
    """Open from 8 to 18 but for some weekdays (0 is Monday) and some dates."""
    return SiteCalendar(
        Site.model_validate(
            {
                "format": 1,
                "id": "site",
                "title": "Site",
                "timezone": zone,
                "overnight": True,
                "hours": {n: "08:00-18:00" for at, n in enumerate(WEEK) if at not in set(closed)},
                "closures": [
                    {"from": f"{one}", "to": f"{one}", "reason": "closed"} for one in closures
                ],
            }
        )
    )


def record(*visits: Mapping[str, object] | str, **more: object) -> RecordFile:
    """A record; a visit may be written as `v1 occurred 2027-03-08`."""
    lines = []
    for visit in visits:
        if isinstance(visit, str):
            name, status, *start = visit.split()
            visit = {"visit": name, "status": status, **({"start": start[0]} if start else {})}
        lines.append({key: str(value) for key, value in visit.items()})
    data = {"participant": "P0001", "visits": lines, **more}
    return RecordFile("p0001.yaml", Record.model_validate(data, by_alias=True), ())


def planned(
    small: Protocol,
    file: RecordFile,
    *,
    at: SiteCalendar | None = None,
    start: date | None = START,
    today: date | None = None,
    arm: str | None = None,
) -> Any:
    """The timeline of a participant under way, with its visits by id beside it."""
    timeline = plan_participant(
        PlannerCache(small, at or site()), file, start=start, today=today, arm=arm
    )
    return timeline, {visit.id: visit for visit in timeline.visits}

"""Every dated plan of the library as figures: each protocol, each arm, two sites, one start.

`dated_plans.csv` beside this file holds them. A change of a date is a change of an answer that
people rely on, so it is made on purpose: run `python tests/protocols/dated_plans.py` and explain
each row that differs in the commit that changes it.
"""

import csv
import datetime
from collections.abc import Iterator
from pathlib import Path

from planner.formats.load import load_protocol
from planner.protocol.library import library_ids
from planner.site.calendar import SiteCalendar
from planner.site.load import load_site
from planner.timeline.plan import NothingFits, course_planner, plan_timeline

TABLE = Path(__file__).with_name("dated_plans.csv")
COLUMNS = ("protocol", "arm", "site", "visit", "start", "days off target")
START = datetime.date(2027, 1, 11)
SITES = ("site-berlin", "site-everyday")
EXAMPLES = Path(__file__).parents[2] / "examples"


def dated_plans() -> Iterator[tuple[str, ...]]:
    """The rows of the table; a plan that does not exist is one row without a visit."""
    sites = {name: SiteCalendar(load_site(str(EXAMPLES / f"{name}.yaml"))) for name in SITES}
    for protocol_id in library_ids():
        protocol = load_protocol(protocol_id).protocol
        for arm in [arm.id for arm in protocol.arms] or [None]:
            for name, site in sites.items():
                plan = (protocol_id, arm or "", name)
                planner = course_planner(protocol, site, arm=arm, unblinded=True)
                try:
                    timeline = plan_timeline(planner, START, unblinded=True)
                except NothingFits:
                    yield (*plan, "", "nothing fits", "")
                    continue
                for visit in timeline.visits:
                    off = (visit.start.date() - visit.target).days if visit.target else ""
                    start = visit.start.strftime("%Y-%m-%d %H:%M")
                    yield (*plan, visit.id, start, str(off))


def read_table() -> list[tuple[str, ...]]:
    """The committed rows, without the line of column names."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


def write_table() -> None:
    """Replaces the committed rows by those of today's code."""
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(dated_plans())


if __name__ == "__main__":
    write_table()

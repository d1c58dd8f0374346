"""Reads DM: for each subject the date that its days count from, and its arm."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from planner.errors import PlannerError
from planner.formats.sdtm import datasets
from planner.formats.sdtm.dates import read_dtc
from planner.formats.sdtm.visit_names import plain_name
from planner.limits import MAX_PARTICIPANTS, too_many
from planner.protocol.model import Protocol

_COLUMNS = ("USUBJID", "RFSTDTC", "ARMCD", "ARM")


class Demographics(NamedTuple):
    """What DM says of one subject: reference start (RFSTDTC) as a date and as written, and arm.

    ``start`` is ``None`` where no whole date is given. ``arm`` is the protocol's, ``None`` where
    there is none of that name; ``arm_name`` is DM's own.
    """

    start: date | None
    written: str
    arm: str | None
    arm_name: str


def read_demographics(path: str, protocol: Protocol | None = None) -> dict[str, Demographics]:
    """Reads a DM dataset; subjects by USUBJID.

    Args:
        path: an XPT, Dataset-JSON or NDJSON file.
        protocol: whose arms are looked for, by ARMCD or ARM; no arm is told without one.

    Raises:
        PlannerError: it cannot be read, or a subject stands twice; with the row.
    """
    dataset = datasets.open_dataset(path, "DM", ("USUBJID", "RFSTDTC"))
    arms = _arms(protocol)
    people: dict[str, Demographics] = {}
    for row, cells in datasets.rows(dataset, _COLUMNS):
        try:
            subject, written, code, name = (
                datasets.text(cell, column) for cell, column in zip(cells, _COLUMNS, strict=True)
            )
        except PlannerError as error:
            raise PlannerError(f"{path}: row {row}: {error}") from None
        if not subject:
            raise PlannerError(f"{path}: row {row}: `USUBJID` is empty")
        if subject in people:
            raise PlannerError(f"{path}: row {row}: subject `{subject[:40]}` stands twice")
        if len(people) >= MAX_PARTICIPANTS:
            raise PlannerError(f"{path}: {too_many(MAX_PARTICIPANTS, 'subjects')}")
        start = read_dtc(written)
        arm = arms.get(plain_name(code)) or arms.get(plain_name(name))
        people[subject] = Demographics(
            start.moment.day if start.moment else None, written, arm, name or code
        )
    return people


def _arms(protocol: Protocol | None) -> Mapping[str, str]:
    """The arms by id and by title, where only one arm has it."""
    titles: dict[str, set[str]] = {}
    arms = () if protocol is None else protocol.arms
    for arm in arms:
        titles.setdefault(plain_name(arm.title or arm.id), set()).add(arm.id)
    by_name = {title: next(iter(of)) for title, of in titles.items() if len(of) == 1 and title}
    return by_name | {arm.id: arm.id for arm in arms}

"""What an import met that its reader should know of: counted, with the first places named."""

from collections import Counter
from typing import NamedTuple


class _Kind(NamedTuple):
    """How one and several of a kind are called, and what became of them."""

    singular: str
    plural: str
    then: str


_KINDS = {
    "unscheduled": _Kind(
        "unscheduled visit", "unscheduled visits", "recorded as `unscheduled`, beside the plan"
    ),
    "foreign": _Kind(
        "visit that the protocol does not have",
        "visits that the protocol does not have",
        "recorded as `unscheduled`; a file of {visits} can say which visits they are",
    ),
    "did not occur": _Kind(
        "visit that did not take place", "visits that did not take place", "recorded as `missed`"
    ),
    "partial": _Kind(
        "visit without a whole date",
        "visits without a whole date",
        "recorded as `planned` with a note; no day is made up",
    ),
    "left out": _Kind(
        "unplanned visit that has no whole date or did not take place",
        "unplanned visits that have no whole date or did not take place",
        "left out",
    ),
    "end": _Kind(
        "end that is partial or before the start",
        "ends that are partial or before the start",
        "kept as a note",
    ),
    "again": _Kind(
        "visit that its subject has twice", "visits that their subject has twice", "the last holds"
    ),
    "beside": _Kind(
        "unscheduled visit whose name its subject has twice",
        "unscheduled visits whose name their subject has twice",
        "all are kept",
    ),
    "day differs": _Kind(
        "visit with another VISITDY than before",
        "visits with another VISITDY than before",
        "the first holds",
    ),
    "no baseline": _Kind(
        "subject without a baseline",
        "subjects without a baseline",
        "nothing can be counted from it",
    ),
    "reference": _Kind(
        "subject without a dated baseline visit",
        "subjects without a dated baseline visit",
        "RFSTDTC stands for it",
    ),
    "baseline differs": _Kind(
        "subject whose baseline visit is not on RFSTDTC",
        "subjects whose baseline visit is not on RFSTDTC",
        "the visit holds",
    ),
    "not in DM": _Kind(
        "subject that DM does not have", "subjects that DM does not have", "without arm and RFSTDTC"
    ),
    "no visits": _Kind(
        "subject of DM without a visit", "subjects of DM without a visit", "left out"
    ),
    "arm": _Kind(
        "subject in an arm that the protocol does not have",
        "subjects in arms that the protocol does not have",
        "recorded without an arm",
    ),
    "code": _Kind(
        "subject whose id could be taken for a phone number",
        "subjects whose ids could be taken for phone numbers",
        "`S-` stands before it in the code",
    ),
    "telling": _Kind(
        "code that could tell who its participant is",
        "codes that could tell who their participants are",
        "kept; codes such as `P0001` tell nothing",
    ),
}
_NAMED = 3
"""So many places are named of each kind."""


class ImportTally:
    """Counts by kind while an import goes on; complete once all subjects have been read.

    ``subjects`` and ``visits`` are how many were read in all.
    """

    def __init__(self) -> None:
        self.subjects = 0
        self.visits = 0
        self.counts: Counter[str] = Counter()
        self._places: dict[str, dict[str, None]] = {}

    def add(self, kind: str, place: str = "") -> None:
        """Counts one of a kind, and remembers where, for the first ones."""
        self.counts[kind] += 1
        places = self._places.setdefault(kind, {})
        if place and len(places) <= _NAMED:
            places[place] = None

    def sentences(self, visits: str = "visits") -> list[str]:
        """One line for all, and one for each kind that was met.

        Args:
            visits: what the caller calls the file that says which visits of the protocol are meant.
        """
        subjects = "subject" if self.subjects == 1 else "subjects"
        of_them = "visit" if self.visits == 1 else "visits"
        lines = [f"{self.subjects:,} {subjects}, {self.visits:,} {of_them}"]
        for name, kind in _KINDS.items():
            count = self.counts[name]
            if not count:
                continue
            places = list(self._places[name])
            named_places = [*places[:_NAMED], *(["..."] if len(places) > _NAMED else [])]
            where = f" ({', '.join(named_places)})" if named_places else ""
            then = kind.then.replace("{visits}", visits)
            lines.append(f"{count:,} {kind.singular if count == 1 else kind.plural}{where}: {then}")
        return lines

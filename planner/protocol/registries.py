"""Where a trial's registry record can be read: addresses made from well-known numbers."""

import re
from typing import NamedTuple


class RegistryRecord(NamedTuple):
    """A registry record: its number, the registry's name, and its address."""

    number: str
    registry: str
    url: str


_PATTERNS = (
    (r"NCT[0-9]{8}", "ClinicalTrials.gov", "https://clinicaltrials.gov/study/{}"),
    (r"ISRCTN[0-9]{8}", "ISRCTN registry", "https://www.isrctn.com/{}"),
    (
        r"ACTRN[0-9]{14}",
        "Australian New Zealand Clinical Trials Registry",
        "https://www.anzctr.org.au/{}.aspx",
    ),
    (
        r"[0-9]{4}-5[0-9]{5}-[0-9]{2}-[0-9]{2}",
        "Clinical Trials Information System",
        "https://euclinicaltrials.eu/ctis-public/view/{}",
    ),
    (
        r"[0-9]{4}-[0-9]{6}-[0-9]{2}",
        "EU Clinical Trials Register",
        "https://www.clinicaltrialsregister.eu/ctr-search/search?query=eudract_number:{}",
    ),
    (r"DRKS[0-9]{8}", "German Clinical Trials Register", "https://drks.de/search/en/trial/{}"),
)


def registry_record(text: str) -> RegistryRecord | None:
    """The first number of a trial registry in a text, with the record's address.

    Args:
        text: any text; only the pattern is looked at, not whether there is such a record.

    Returns:
        ``None`` where there is none.
    """
    first: tuple[int, RegistryRecord] | None = None
    for pattern, registry, address in _PATTERNS:
        match = re.search(rf"(?<![A-Za-z0-9-]){pattern}(?![A-Za-z0-9-])", text)
        if match is not None and (first is None or match.start() < first[0]):
            first = match.start(), RegistryRecord(match[0], registry, address.format(match[0]))
    return None if first is None else first[1]

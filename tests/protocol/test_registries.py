"""Addresses of registry records, made from their numbers."""

import pytest

from planner.protocol.registries import registry_record


@pytest.mark.parametrize(
    ("text", "number", "url"),
    [
        ("NCT03537014", "NCT03537014", "https://clinicaltrials.gov/study/NCT03537014"),
        (
            "NCT06741228 / NCT06809595",
            "NCT06741228",
            "https://clinicaltrials.gov/study/NCT06741228",
        ),
        ("ISRCTN14426797", "ISRCTN14426797", "https://www.isrctn.com/ISRCTN14426797"),
        (
            "ACTRN12623000478617",
            "ACTRN12623000478617",
            "https://www.anzctr.org.au/ACTRN12623000478617.aspx",
        ),
        (
            "2023-503181-28-00",
            "2023-503181-28-00",
            "https://euclinicaltrials.eu/ctis-public/view/2023-503181-28-00",
        ),
        (
            "EudraCT 2018-003573-97",
            "2018-003573-97",
            "https://www.clinicaltrialsregister.eu/ctr-search/search?query=eudract_number:2018-003573-97",
        ),
        ("DRKS00000001", "DRKS00000001", "https://drks.de/search/en/trial/DRKS00000001"),
    ],
)
def test_a_number_leads_to_its_record(text: str, number: str, url: str) -> None:
    record = registry_record(text)
    assert record is not None
    assert (record.number, record.url) == (number, url)


@pytest.mark.parametrize("text", ["89 FR 38903", "NCT0353701", "XNCT03537014", "NCT035370145", ""])
def test_what_is_no_number_of_a_registry_has_no_address(text: str) -> None:
    assert registry_record(text) is None

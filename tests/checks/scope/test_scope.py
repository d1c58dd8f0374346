"""No amounts outside labels, no personal data."""

import pytest
from example_protocol import example_file

from planner.checks.run import examine
from planner.formats.checks import all_checks

CHECKS = all_checks()


def messages(check_id: str, fragment: str) -> list[str]:
    return [finding.message for finding in examine(example_file(fragment), [CHECKS[check_id]])]


def note(text: str) -> str:
    return f'note: "{text}"\n'


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("25 mg", "25 mg"),
        ("120mg", "120mg"),
        ("25 MG", "25 MG"),
        ("0.2 mg/kg", "0.2 mg"),
        ("10 µg", "10 µg"),
        ("10 μg", "10 μg"),
        ("26 ug", "26 ug"),
        ("100 mcg,", "100 mcg"),
        ("80-180 mg", "180 mg"),
        ("a 100-mg dose", "100-mg"),
        ("1,5 g dried", "1,5 g"),
        ("3 grams", "3 grams"),
        ("250 micrograms", "250 micrograms"),
        ("5 ml", "5 ml"),
        ("5 mL", "5 mL"),
        ("12 IU", "12 IU"),
        ("200 millilitres", "200 millilitres"),
        ("0.2 liters", "0.2 liters"),
        ("25 Milligrams", "25 Milligrams"),
        ("25\u00a0mg", "25\u00a0mg"),
    ],
)
def test_an_amount_is_found_however_it_is_written(text: str, amount: str) -> None:
    assert messages("amount-outside-label", note(f"Given {text} once")) == [
        f"`{amount}` is an amount; amounts stand only in an arm's label"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "6 ppm",
        "50 %",
        "9 groups of 4-6",
        "visit 3, group 2",
        "140 mmHg",
        "within 90min or 3 months",
        "MADRS of 10 or less",
        "CAPS-5, range 0-136",
        "Nature Medicine 2021;27:1025-1033",
        "3G and 4 GHz",
        "18 weeks, 8 mm, 2 m",
        "13 gaps x 3 d = 39 d",
    ],
)
def test_other_numbers_are_no_amounts(text: str) -> None:
    assert messages("amount-outside-label", note(text)) == []


VISITS = "epochs: [{id: one, visits: [{id: baseline, %s}]}]\n"


@pytest.mark.parametrize(
    "fragment",
    [
        'title: "Study of 25 mg"\n',
        "footnotes: {one: Then 25 mg}\n",
        "decisions: {go: {condition: No response to 25 mg}}\n",
        "arms: [{id: active-25mg}]\n",
        "arms: [{id: active, title: 25 mg}]\n",
        "arms: [{id: active, note: 25 mg is verified}]\n",
        "activities: {dose-25-mg: {title: Dose}}\n",
        VISITS % "title: 25 mg session",
        VISITS % "run_sheet: [{id: first, title: 25 mg orally, at: 0min}]",
        "sources: {assumption: {kind: review, read: abstract, title: A trial of 25 mg}}\n",
    ],
)
def test_amounts_stand_nowhere_but_in_labels(fragment: str) -> None:
    assert len(messages("amount-outside-label", fragment)) == 1


def test_a_label_and_the_labels_of_periods_hold_amounts() -> None:
    fragment = "arms: [{id: active, label: 25 mg, periods: [10 mg first, 25 mg second]}]\n"
    assert messages("amount-outside-label", fragment) == []


def test_a_text_used_twice_by_alias_is_told_once() -> None:
    fragment = "footnotes: {one: &same 25 mg, two: *same}\n"
    assert len(messages("amount-outside-label", fragment)) == 1


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("ask jane.miller@site.example", "an e-mail address"),
        ("call +49 30 1234567", "a telephone number"),
        ("call (617) 555-0123", "a telephone number"),
        ("call 030 12345678", "a telephone number"),
        ("Tel. 555 12 34", "a telephone number"),
        ("born 12 May 1980", "a date of birth"),
        ("geb. 3.5.80", "a date of birth"),
        ("Date of birth: 1980-05-12", "a date of birth"),
        ("seen by Dr. Jane Miller", "the name of a person"),
        ("seen by Mr Smith", "the name of a person"),
        ("seen by Frau Müller", "the name of a person"),
    ],
)
def test_what_looks_like_personal_data_is_told(text: str, what: str) -> None:
    (message,) = messages("personal-data", note(text))
    assert message.endswith(f"looks like {what}")


@pytest.mark.parametrize(
    "text",
    [
        "Mitchell JM et al., Nature Medicine 2021;27:1025-1033",
        "10.1038/s41591-023-02565-4",
        "NCT03537014, ACTRN12621000436875, 89 FR 38903, FDA-2024-N-1938",
        "as looked up on 2026-11-21",
        "four telephone contacts in 2 weeks",
        "window of -2d/+4d, 1 phone call",
        "the therapist, a doctor or a professor",
    ],
)
def test_citations_numbers_and_roles_are_no_personal_data(text: str) -> None:
    assert messages("personal-data", note(text)) == []


def test_the_title_of_a_source_may_name_its_authors() -> None:
    source = "sources: {assumption: {kind: review, read: abstract, %s}}\n"
    assert messages("personal-data", source % "title: Dr. Jane Miller on trials") == []
    assert messages("personal-data", source % "url: https://x.example/@jane.doe") == []
    assert len(messages("personal-data", source % "note: Dr. Jane Miller wrote to us")) == 1

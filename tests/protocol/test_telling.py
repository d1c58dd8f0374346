"""Words that tell what a study is about, from what a protocol declares and from none of it."""

import pytest

from planner.formats.load import load_protocol
from planner.protocol.telling import telling_words, tells

NOTHING: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "LSD session",
        "mdma-therapist",
        "After detoxification",
        "Depression rating",
        "PTSD interview",
        "CAPS-5",
        "Infliximab infusion",
        "Pembrolizumab, cycle 2",
        "Rosuvastatin day",
        "Hepatitis visit",
        "MM120 administration",
        "Placebo",
        "PSILOCYBIN",
    ],
)
def test_some_words_tell_in_any_protocol(text: str) -> None:
    assert tells(text, NOTHING)


@pytest.mark.parametrize(
    "text",
    [
        "Preparation 2",
        "Dosing session, open label",
        "Week 12 (telephone)",
        "Blood pressure and heart rate",
        "Long-term follow-up, 12 months after the last session",
        "Independent rater",
        "V13, T2",
        "Diagnosis conference",
        "Capsules",
        "",
    ],
)
def test_others_tell_nothing(text: str) -> None:
    assert not tells(text, NOTHING)


def test_a_protocol_tells_its_own_by_what_it_declares() -> None:
    bima = telling_words(load_protocol("bima").protocol)
    assert bima == {"mdma", "alcohol", "detoxification"}
    protocol = load_protocol("lsd-ltd").protocol
    assert {"lsd", "anxiety", "full"} <= telling_words(protocol)
    silent = protocol.model_copy(update={"substance": (), "condition": None})
    assert {"lsd", "anxiety", "diseases"} <= telling_words(silent)


def test_words_that_begin_alike_tell_alike() -> None:
    declared = frozenset({"zyklotron"})
    for text in ("Zyklotronic visit", "zyklotron-nurse", "After the Zyklotrons"):
        assert tells(text, declared)
        assert not tells(text, NOTHING)
    assert not tells("Cycle visit", declared)

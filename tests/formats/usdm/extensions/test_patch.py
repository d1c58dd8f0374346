"""What a native reading lacks is found, kept and put back, but never over somebody's change."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats.usdm.extensions.attributes import (
    EXTENSIONS,
    NOTICE_URL,
    attribute,
    read_changes,
    text_attribute,
    url_of,
)
from planner.formats.usdm.extensions.patch import ABSENT, FieldChange, apply_residue, residue
from planner.formats.usdm.model import Extension

Document = dict[str, Any]


def document(*epochs: Document, **fields: Any) -> Document:
    return {"id": "study", "epochs": list(epochs), **fields}


def epoch(name: str, *visits: Document, **fields: Any) -> Document:
    return {"id": name, "visits": list(visits), **fields}


def visit(name: str, **fields: Any) -> Document:
    return {"id": name, **fields}


NATIVE = document(
    epoch("one", visit("a"), visit("b", after=[{"visit": "a", "target": "1w", "within": "±2d"}])),
    epoch("two", visit("c-1"), visit("c-2", after=[{"visit": "c-1", "within": "1w..2w"}])),
    anchor="a",
)
WANTED = document(
    epoch(
        "one",
        visit("a", staff={"roles": {"rater": 1}}),
        visit(
            "b",
            after=[
                {"visit": "a", "target": "1w", "source": ["paper"]},
                {"visit": "a", "within": "5d..9d"},
                {"visit": "last c", "within": "6w.."},
            ],
        ),
    ),
    epoch(
        "two",
        visit("c", next=[{"visit": "previous c", "within": "1w..2w"}], weight=3),
        cycle={"times": 2},
    ),
    anchor="a",
    note="kept",
)


def put_back(native: Document, changes: list[FieldChange]) -> tuple[Document, list[str]]:
    done = apply_residue(native, changes)
    return done.document, [".".join(one.change.path) for one in done.stale]


def test_the_residue_makes_the_whole_document_of_the_native_reading() -> None:
    assert put_back(NATIVE, residue(NATIVE, WANTED)) == (WANTED, [])


def test_nothing_is_changed_by_looking() -> None:
    native, wanted = copy.deepcopy(NATIVE), copy.deepcopy(WANTED)
    apply_residue(native, residue(native, wanted))
    assert (native, wanted) == (NATIVE, WANTED)


def test_equal_documents_leave_no_residue() -> None:
    assert residue(WANTED, copy.deepcopy(WANTED)) == []


def test_a_part_is_found_by_its_id_wherever_it_stands() -> None:
    native = document(epoch("one", visit("a"), visit("b")), epoch("two", visit("c")))
    wanted = document(epoch("two", visit("c"), visit("a")), epoch("one", visit("b", title="B")))
    changes = residue(native, wanted)
    assert put_back(native, changes) == (wanted, [])
    assert not any(one.path[:2] == ("visits", "c") for one in changes)


def test_a_timing_that_was_changed_since_stays_and_takes_no_source() -> None:
    changes = residue(NATIVE, WANTED)
    native = copy.deepcopy(NATIVE)
    native["epochs"][0]["visits"][1]["after"][0]["within"] = "±3d"
    found, stale = put_back(native, changes)
    # The second timing was read from the first one's window, so it goes with it.
    assert found["epochs"][0]["visits"][1]["after"] == [
        {"visit": "a", "target": "1w", "within": "±3d"},
        {"visit": "last c", "within": "6w.."},
    ]
    assert stale == ["visits.b.after.1", "visits.b.after.2"]
    assert found["epochs"][0]["visits"][0] == WANTED["epochs"][0]["visits"][0]


def test_a_field_added_since_is_not_overwritten() -> None:
    native = {**copy.deepcopy(NATIVE), "note": "written elsewhere"}
    found, stale = put_back(native, residue(NATIVE, WANTED))
    assert found["note"] == "written elsewhere"
    assert stale == ["note"]


def test_an_attribute_of_a_visit_that_is_gone_has_no_place() -> None:
    native = copy.deepcopy(NATIVE)
    del native["epochs"][0]["visits"][0]
    found, stale = put_back(native, residue(NATIVE, WANTED))
    assert [one["id"] for one in found["epochs"][0]["visits"]] == ["b"]
    assert "visits.a.staff" in stale


def test_a_visit_added_since_stays_at_its_place() -> None:
    native = copy.deepcopy(NATIVE)
    native["epochs"][0]["visits"].insert(1, visit("new"))
    found, stale = put_back(native, residue(NATIVE, WANTED))
    assert [one["id"] for one in found["epochs"][0]["visits"]] == ["a", "new", "b"]
    assert stale == []


def test_files_whose_visits_share_an_id_are_kept_as_a_whole() -> None:
    wanted = document(epoch("one", visit("a"), visit("a")))
    changes = residue(NATIVE, wanted)
    assert put_back(NATIVE, changes) == (wanted, [])
    assert {one.path for one in changes} == {("epochs",), ("anchor",)}


SCALARS = st.sampled_from(["x", "y", 1, True, None, ["p", "q"], {"k": "v"}, [], {}])
IDS = st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), unique=True, max_size=5)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    names = draw(st.lists(st.sampled_from(["a", "b", "c", "d", "e", "f"]), unique=True))
    epochs: dict[str, list[Document]] = {name: [] for name in draw(IDS)}
    for name in names:
        if epochs:
            epochs[draw(st.sampled_from(sorted(epochs)))].append(visit(name, **draw(fields())))
    found = document(*(epoch(name, *held) for name, held in epochs.items()))
    for key in draw(st.sets(st.sampled_from(["title", "note", "tracks", "arms", "roles"]))):
        if key in ("tracks", "arms"):
            found[key] = [{"id": one, "title": draw(SCALARS)} for one in draw(IDS)]
        else:
            found[key] = draw(SCALARS)
    return found


@st.composite
def fields(draw: st.DrawFn) -> Document:
    found: Document = {}
    for key in draw(st.sets(st.sampled_from(["title", "staff", "after", "next", "run_sheet"]))):
        if key in ("after", "next"):
            timings = st.fixed_dictionaries(
                {"visit": st.sampled_from(["a", "b"]), "target": st.sampled_from(["1d", "1w"])}
            )
            found[key] = draw(st.lists(timings, max_size=3))
        elif key == "run_sheet":
            found[key] = {"items": [{"id": one, "at": draw(SCALARS)} for one in draw(IDS)]}
        else:
            found[key] = draw(SCALARS)
    return found


@pytest.mark.slow
@settings(max_examples=300)
@given(documents(), documents())
def test_any_document_is_reached_from_any_other(native: Document, wanted: Document) -> None:
    assert put_back(native, residue(native, wanted)) == (wanted, [])


@pytest.mark.slow
@settings(max_examples=300)
@given(documents(), documents(), documents())
def test_a_residue_of_another_document_does_no_harm(
    native: Document, wanted: Document, other: Document
) -> None:
    changes = residue(native, wanted)
    found = apply_residue(other, changes)
    assert {"epochs", "id"} <= set(found.document)
    # What no change is about stays, whatever the rest of the document is.
    assert apply_residue(found.document, []).document == found.document


@pytest.mark.slow
@settings(max_examples=200)
@given(documents(), documents())
def test_a_residue_survives_being_extension_attributes(native: Document, wanted: Document) -> None:
    numbers = iter(range(10_000))
    changes = residue(native, wanted)
    written = [attribute(one, lambda: f"ExtensionAttribute_{next(numbers)}") for one in changes]
    read = read_changes([as_read(one) for one in json.loads(json.dumps(written))])
    assert read.unreadable == ()
    assert [one for one, _ in read.changes] == changes


def as_read(data: Any) -> Extension:
    inside = tuple(as_read(one) for one in data["extensionAttributes"])
    return Extension(data["url"], data.get("valueString"), inside, ())


@pytest.mark.parametrize(
    ("path", "address"),
    [
        (("title",), "protocol/title"),
        (("visits", "prep-1", "staff"), "visit/staff"),
        (("visits", "prep-1", "after", "2"), "visit/after"),
        (("visits", "prep-1"), "visit"),
        (("visits", "(order)"), "visit"),
        (("visits", "prep-1", "(epoch)"), "visit/epoch"),
        (("activities", "caps-5", "by"), "activity/by"),
    ],
)
def test_the_address_tells_what_an_attribute_is_about(path: tuple[str, ...], address: str) -> None:
    assert url_of(FieldChange(path, 1, ABSENT)) == EXTENSIONS + address


def test_the_notice_and_other_programs_attributes_are_no_changes() -> None:
    others = [
        as_read(text_attribute(url, "text", "ExtensionAttribute_1"))
        for url in (NOTICE_URL, "https://example.org/own")
    ]
    assert read_changes(others) == ((), ())


@pytest.mark.parametrize(
    "at", ['"title"', "[]", "[1]", '[""]', '["a","b","c","d","e","f","g"]', "[" * 5000, "nothing"]
)
def test_an_attribute_without_a_path_is_unreadable(at: str) -> None:
    inside = (Extension(f"{EXTENSIONS}at", at, (), ()),)
    one = Extension(f"{EXTENSIONS}protocol/title", None, inside, ())
    assert read_changes([one]).unreadable == (one,)


@pytest.mark.parametrize(
    "change",
    [
        FieldChange(("visits", "a"), "no visit", {"id": "a", "(epoch)": "one"}),
        FieldChange(("visits", "new"), {"id": "other"}, ABSENT),
        FieldChange(("visits", "b", "after", "x"), {"visit": "a"}, ABSENT),
        FieldChange(("visits",), [], ABSENT),
        FieldChange(("epochs",), "none", ABSENT),
        FieldChange(("visits", "(order)"), [1, 2], ["a", "b", "c-1", "c-2"]),
        FieldChange(("id", "inside"), 1, ABSENT),
        FieldChange(("visits", "b", "title", "deep"), 1, ABSENT),
        FieldChange(("epochs", "one", "visits", "0"), 1, ABSENT),
    ],
)
def test_a_change_that_no_exporter_writes_is_not_made(change: FieldChange) -> None:
    found, stale = put_back(NATIVE, [change])
    assert found == NATIVE
    assert stale == [".".join(change.path)]

import hashlib
import hmac
import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.formats.ical.identity import Identities, event_name

TEXT = st.text(st.characters(codec=None), max_size=20)


def test_a_uid_is_the_uuid_5_of_the_standard_library() -> None:
    project = uuid.uuid5(uuid.NAMESPACE_DNS, "trial-session-planner")
    study = uuid.uuid5(project, "11:NCT00000000")
    name = "5:P00018:dosing-11:15:visit"
    assert Identities("NCT00000000").uid_of("P0001", "dosing-1", 1, "visit") == str(
        uuid.uuid5(study, name)
    )


def test_a_keyed_uid_is_the_hmac_in_the_form_of_a_uuid_8() -> None:
    project = uuid.uuid5(uuid.NAMESPACE_DNS, "trial-session-planner")
    study = uuid.uuid5(project, "11:NCT00000000")
    digest = hmac.new(b"secret", study.bytes + b"5:P00018:dosing-11:15:visit", hashlib.sha256)
    uid = uuid.UUID(Identities("NCT00000000", b"secret").uid_of("P0001", "dosing-1", 1, "visit"))
    assert uid.version == 8
    assert uid.variant == uuid.RFC_4122
    expected = uuid.UUID(bytes=digest.digest()[:16]).int
    fixed = ~(0xF << 76 | 0x3 << 62)
    assert uid.int & fixed == expected & fixed


def test_uids_stay_the_same_for_ever() -> None:
    # Written down, since a change would duplicate every event in every calendar that has them.
    assert (
        Identities("S").uid_of("P1", "v", None, "visit") == "af723ab6-3dd4-5d82-986d-45f99ba72218"
    )


@given(st.tuples(TEXT, TEXT, st.none() | st.integers(0, 99), TEXT))
def test_uids_are_valid_and_tell_nothing(event: tuple[str, str, int | None, str]) -> None:
    for identities in (Identities("S"), Identities("S", b"key")):
        uid = identities.uid_of(*event)
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", uid)
        assert uuid.UUID(uid).variant == uuid.RFC_4122


@given(
    st.tuples(TEXT, TEXT, TEXT, st.none() | st.integers(0, 99), TEXT),
    st.tuples(TEXT, TEXT, TEXT, st.none() | st.integers(0, 99), TEXT),
)
def test_different_events_have_different_uids(
    one: tuple[str, str, str, int | None, str], other: tuple[str, str, str, int | None, str]
) -> None:
    same = Identities(one[0]).uid_of(*one[1:]) == Identities(other[0]).uid_of(*other[1:])
    assert same == (one == other)


def test_where_one_part_ends_and_the_next_begins_is_part_of_the_name() -> None:
    assert event_name("a", None, "bc") != event_name("ab", None, "c")
    assert event_name("a", 1, "b") != event_name("a1", None, "b")


def test_another_key_gives_other_uids() -> None:
    uids = {
        Identities("S", key).uid_of("P0001", "v", None, "visit")
        for key in (None, b"one", b"another")
    }
    assert len(uids) == 3


def test_an_empty_key_is_refused() -> None:
    with pytest.raises(ValueError, match="secret"):
        Identities("S", b"")

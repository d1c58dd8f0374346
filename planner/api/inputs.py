"""What callers give, read as one thing each: a path or what it holds, a date or its text."""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from planner.errors import PlannerError

if TYPE_CHECKING:
    from planner.protocol.file import ProtocolFile
    from planner.protocol.model import Protocol
    from planner.site.calendar import SiteCalendar
    from planner.site.model import Site
    from planner.timeline.record import Moment, Record, RecordFile

StrPath: TypeAlias = "str | os.PathLike[str]"
ProtocolSource: TypeAlias = "StrPath | ProtocolFile | Protocol"
SiteSource: TypeAlias = "StrPath | Site"
RecordSource: TypeAlias = "StrPath | Record | RecordFile"
Thing = TypeVar("Thing")
DateSource: TypeAlias = "date | str"
TimeSource: TypeAlias = "time | str"
MomentSource: TypeAlias = "date | str | Moment"


def path_text(value: object, argument: str, wanted: str = "a path") -> str:
    """A path as text.

    A `pathlib.Path` without a folder gets one where it could be taken for the id of a library
    protocol, or for standard input: it is always a file.

    Raises:
        PlannerError: it is no path.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, os.PathLike):
        text = os.fspath(value)
        if isinstance(text, str):
            if not os.path.dirname(text) and (text == "-" or not os.path.isfile(text)):
                return os.path.join(os.curdir, text)
            return text
    raise _wrong(argument, wanted, value)


def file_of(protocol: object) -> "ProtocolFile":
    """The protocol with the place of each statement; of one built in code, in the text it has.

    Raises:
        PlannerError: it is no protocol, or as `planner.formats.load.load_protocol`.
    """
    from planner.formats.load import load_protocol
    from planner.protocol.file import ProtocolFile, file_of_protocol
    from planner.protocol.model import Protocol

    if isinstance(protocol, ProtocolFile):
        return protocol
    if isinstance(protocol, Protocol):
        return file_of_protocol(protocol)
    wanted = "a path, an id of the library, a ProtocolFile or a Protocol"
    return load_protocol(path_text(protocol, "protocol", wanted))


def protocol_of(protocol: object) -> "Protocol":
    """The protocol itself; as `file_of`."""
    from planner.protocol.model import Protocol

    return protocol if isinstance(protocol, Protocol) else file_of(protocol).protocol


def site_of(site: object) -> "Site":
    """The site; where none is given every day is open, in UTC.

    Raises:
        PlannerError: it is no site, or as `planner.site.load_site`.
    """
    from planner.site import always_open, load_site
    from planner.site.model import Site

    if site is None:
        return always_open()
    if isinstance(site, Site):
        return site
    return load_site(path_text(site, "site", "a path or a Site"))


def calendar_of(site: object) -> "SiteCalendar":
    """The opening hours of a site; as `site_of`."""
    from planner.site.calendar import SiteCalendar

    return SiteCalendar(site_of(site))


def record_of(record: object, argument: str = "record") -> "RecordFile":
    """A participant's record.

    Raises:
        PlannerError: it is no record, or as `planner.timeline.record_reading.read_record`.
    """
    from planner.timeline.record import Record, RecordFile
    from planner.timeline.record_reading import read_record

    if isinstance(record, RecordFile):
        return record
    if isinstance(record, Record):
        return RecordFile(record.participant, record, ())
    path = path_text(record, argument, "a path or a Record")
    place, colon, code = path.rpartition(":")
    if colon and _is_store(place):
        from planner.store import open_store

        with open_store(place) as store:
            return RecordFile(f"{store.name}:{code}", store.record(code).record, ())
    if _is_store(path):
        from planner.store import open_store

        with open_store(path) as store:
            name = store.name
        raise PlannerError(f"{name}: is a store of many records; name one as {name}:P0001")
    return read_record(path)


def _is_store(place: str) -> bool:
    """Whether records are in a database there; only then its package is imported."""
    if os.path.isdir(place) or place.lower().endswith((".yaml", ".yml", ".json", ".csv")):
        return False
    from planner.store import is_store

    return is_store(place)


def stored_records(place: str) -> Iterator["RecordFile"]:
    """The records of a store, as they are when the first is asked for.

    Raises:
        PlannerError: the store cannot be read.
    """
    from planner.store import open_store
    from planner.timeline.record import RecordFile

    with open_store(place) as store:
        for stored in store.records():
            code = stored.record.participant
            yield RecordFile(f"{store.name}:{code}", stored.record, ())


def record_sources(records: object) -> "list[str | RecordFile]":
    """Records one by one: paths, those of a folder in its place, and records themselves.

    Raises:
        PlannerError: one of them is neither; or there is no such path, or no record in a folder.
    """
    from planner.timeline.record import Record, RecordFile
    from planner.timeline.record_reading import record_paths

    if isinstance(records, (str, os.PathLike, Record, RecordFile)):
        records = [records]
    if not isinstance(records, Iterable):
        raise _wrong("records", "paths or Records", records)
    sources: list[str | RecordFile] = []
    for record in records:
        if isinstance(record, (Record, RecordFile)):
            sources.append(record_of(record))
        else:
            path = path_text(record, "records", "a path or a Record")
            sources += stored_records(path) if _is_store(path) else record_paths(path)
    return sources


def date_of(value: object, argument: str) -> date:
    """A date, or the text of one.

    Raises:
        PlannerError: it is neither, or outside of the years 1900 to 2200.
    """
    from planner.time.date import UnitError, parse_date

    if isinstance(value, datetime):
        raise PlannerError(
            f"{argument}: a date is wanted, not a date and time; give the date at the site, as"
            " `.date()` tells it"
        )
    if not isinstance(value, (date, str)):
        raise _wrong(argument, "a date, or a text such as `2027-01-11`,", value)
    try:
        return parse_date(value if isinstance(value, str) else value.isoformat())
    except UnitError as error:
        raise PlannerError(f"{argument}: {error}") from None


def optional_date(value: object, argument: str) -> date | None:
    """A date or its text, or ``None``; as `date_of`."""
    return None if value is None else date_of(value, argument)


def minute_of(value: object, argument: str) -> int:
    """A time of day, or its text, as minutes since midnight (0 to 1439).

    Raises:
        PlannerError: it is neither, or not in whole minutes.
    """
    from planner.time.date import UnitError, parse_time

    if isinstance(value, int) and 0 <= value < 1440 and not isinstance(value, bool):
        return value
    if isinstance(value, time):
        if value.second or value.microsecond:
            raise PlannerError(f"{argument}: {value}: a time of day is given in whole minutes")
        return value.hour * 60 + value.minute
    if not isinstance(value, str):
        raise _wrong(argument, "a time of day, or a text such as `09:00`,", value)
    try:
        return parse_time(value)
    except UnitError as error:
        raise PlannerError(f"{argument}: {error}") from None


def dates_of(value: object, argument: str) -> dict[str, date]:
    """Dates by visit, each as `date_of` reads it; none where ``None`` is given."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise _wrong(argument, "a dict of dates by visit", value)
    return {
        text_of(name, argument, "the id of a visit"): date_of(day, f"{argument}: {name}")
        for name, day in value.items()
    }


def moments_of(value: object, argument: str) -> "list[tuple[str, Moment]]":
    """Dates by visit, each with its local time where one is given; none where ``None`` is given.

    Raises:
        PlannerError: it is no dict and no list of pairs, or one of them is no date, `datetime` or
            text of either.
    """
    if value is None:
        return []
    if not isinstance(value, (Mapping, list)):
        raise _wrong(argument, "a dict of dates by visit", value)
    pairs = value.items() if isinstance(value, Mapping) else value
    return [
        (text_of(visit, argument, "the id of a visit"), moment_of(moment, f"{argument}: {visit}"))
        for visit, moment in pairs
    ]


def moment_of(value: object, argument: str) -> "Moment":
    """A date, with its local time where one is given, or the text of either.

    Raises:
        PlannerError: it is neither.
    """
    from planner.time.date import UnitError
    from planner.timeline.record import Moment, read_moment

    if isinstance(value, Moment):
        return value
    if not isinstance(value, (date, str)):
        raise _wrong(argument, "a date, or a text such as `2027-03-01T09:00`,", value)
    try:
        return read_moment(str(value))
    except UnitError as error:
        raise PlannerError(f"{argument}: {error}") from None


def names_of(value: object, argument: str) -> tuple[str, ...]:
    """Several names; one text alone is refused, since its letters would be taken for names.

    Raises:
        PlannerError: it is no list of texts.
    """
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise _wrong(argument, "a list of names", value)
    return tuple(text_of(name, argument, "a list of names, each a text,") for name in value)


def text_of(value: object, argument: str, wanted: str) -> str:
    """A text such as an id.

    Raises:
        PlannerError: it is none.
    """
    if isinstance(value, str):
        return value
    raise _wrong(argument, wanted, value)


def optional_text(value: object, argument: str, wanted: str) -> str | None:
    """A text or ``None``; as `text_of`."""
    return None if value is None else text_of(value, argument, wanted)


def one_of(value: object, allowed: Collection[str], argument: str) -> str:
    """One of a few words.

    Raises:
        PlannerError: it is none of them; names the nearest.
    """
    from planner.errors import did_you_mean

    word = text_of(value, argument, f"one of {', '.join(allowed)}")
    if word in allowed:
        return word
    hint = did_you_mean(word, allowed, before="; ")
    raise PlannerError(f"{argument}: `{word[:40]}` is none of {', '.join(allowed)}{hint}")


def instance_of(value: object, wanted: type[Thing], argument: str) -> Thing:
    """An object of a type of ours, such as a timeline.

    Raises:
        PlannerError: it is something else.
    """
    if isinstance(value, wanted):
        return value
    raise _wrong(argument, f"a {wanted.__name__}", value)


def _wrong(argument: str, wanted: str, value: object) -> PlannerError:
    """The error that says what is wanted; the value itself is shown where it is a short text."""
    described = (
        f"`{value}`" if isinstance(value, str) and len(value) <= 40 else type(value).__name__
    )
    return PlannerError(f"{argument}: {wanted} is wanted, not {described}")

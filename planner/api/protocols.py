"""Files loaded; a protocol checked, and how well it is supported by its sources."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.api.inputs import ProtocolSource, RecordSource, SiteSource
    from planner.checks.finding import Findings
    from planner.checks.obstacles import Obstacles
    from planner.checks.support import ProtocolSupport
    from planner.protocol.file import ProtocolFile
    from planner.site.model import Site
    from planner.timeline.record import Record


def load(name: "ProtocolSource") -> "ProtocolFile":
    """Loads a protocol: a file of our own format, a USDM study (JSON) or ODM metadata (XML).

    Args:
        name: a path (``-`` is standard input), the id of a library protocol, or a `Protocol` built
            in code, which is put down as the text that a file of it has.

    Raises:
        PlannerError: there is no such file, or it is no protocol; the message has one line per
            problem with file, line and column.
    """
    from planner.api.inputs import file_of

    return file_of(name)


def visit_ids(protocol: "ProtocolSource") -> list[str]:
    """The ids of the visits of all arms, each occurrence by its own, in the order of their numbers.

    Args:
        protocol: as `load` takes it.

    Raises:
        PlannerError: as `load`, or the cycles make more visits than the planner unrolls.
    """
    from planner.api.inputs import protocol_of
    from planner.schedule.visit_numbers import visit_numbers

    numbers = visit_numbers(protocol_of(protocol))
    return sorted(numbers, key=numbers.__getitem__)


class Evidence(list["ProtocolSupport"]):
    """How well protocols are supported by their sources, the least supported first."""


def evidence_of(protocols: "Iterable[ProtocolSource]") -> Evidence:
    """The support of several protocols, as `evidence` of each; the least supported first.

    Raises:
        PlannerError: one of them cannot be loaded.
    """
    from planner.checks.support import least_supported_first

    return Evidence(least_supported_first(evidence(protocol) for protocol in protocols))


def not_citable(protocol: "ProtocolSource") -> list[str]:
    """The sources of a protocol that a bibliography leaves out, since nobody can look them up.

    Raises:
        PlannerError: the protocol cannot be loaded.
    """
    from planner.api.inputs import protocol_of
    from planner.views.bibtex import not_citable

    return list(not_citable(protocol_of(protocol)))


def is_of_library(name: str) -> bool:
    """Whether a name that `load` takes is the id of a library protocol, and no file.

    Raises:
        PlannerError: it is neither.
    """
    from planner.formats.load import locate

    return locate(name) != name


def load_site(path: "SiteSource") -> "Site":
    """Loads a site: its time zone, opening hours, closures, holidays and rooms.

    Raises:
        PlannerError: there is no such file, or it is no site; the message has one line per problem
            with file, line and column.
    """
    from planner.api.inputs import site_of, text_of

    return site_of(text_of(path, "path", "a path") if path is None else path)


def load_record(path: "RecordSource") -> "Record":
    """Loads what is recorded of a participant, from YAML, JSON or CSV.

    Raises:
        PlannerError: there is no such file, or it is no record; the message has one line per
            problem with file, line and column.
    """
    from planner.api.inputs import record_of

    return record_of(path, "path").record


def check(
    protocol: "ProtocolSource", *, select: Iterable[str] = (), ignore: Iterable[str] = ()
) -> "Findings":
    """Findings about a protocol, in the order of the file.

    Args:
        protocol: a path, an id, a loaded file or a `Protocol`.
        select: ids or families of the checks to run; all but those of profiles when empty.
        ignore: ids or families of checks left out.

    Raises:
        PlannerError: a name is neither a check nor a family; or the protocol cannot be loaded.
    """
    from planner.api.inputs import file_of, names_of
    from planner.checks.run import examine
    from planner.formats.checks import choose

    checks = choose(names_of(select, "select"), names_of(ignore, "ignore"))
    return examine(file_of(protocol), checks)


def obstacles(protocol: "ProtocolSource") -> "Obstacles":
    """The errors of a protocol that its `ignore:` does not accept, and what follows from them.

    With ``misleading`` ones dates can be wrong or visits left out, and with ``telling`` ones the
    arms of a blinded study can be told apart: the command line then goes on only with `--anyway`
    or `--unblinded`. The functions here do as they are told, but for visits that nothing ties to
    the anchor, which are refused.

    Raises:
        PlannerError: the protocol cannot be loaded.
    """
    from planner.api.inputs import file_of
    from planner.checks.obstacles import obstacles
    from planner.formats.checks import all_checks

    return obstacles(file_of(protocol), all_checks())


def evidence(protocol: "ProtocolSource") -> "ProtocolSupport":
    """Every statement of the schedule with its sources and support, and how many have which.

    Raises:
        PlannerError: the protocol cannot be loaded.
    """
    from planner.api.inputs import file_of
    from planner.checks.support import protocol_support

    return protocol_support(file_of(protocol))

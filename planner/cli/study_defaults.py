"""Where commands take what no option gives: from the study's `planner.toml`, in one place for all.

The file is the one that `--config` names, or else the environment variable `PLANNER_CONFIG`, or
else the nearest `planner.toml` in the working folder or above it. An empty name stands for none.
"""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from planner.errors import PlannerError

if TYPE_CHECKING:
    from planner.api.types import ConfigFile

_STUDY = {"protocol": "protocol", "site": "site"}
_CHANGES = {"records": "records", "protocol": "protocols", "site": "site"}
_PARAMETERS: dict[str, dict[str, str]] = {
    "validate": {"protocols": "protocols"},
    "timeline": _STUDY,
    "anchors": _STUDY,
    "whatif": _STUDY,
    "enrol": _CHANGES,
    "record": _CHANGES,
    "withdraw": _CHANGES,
    "deviations": {**_STUDY, "actuals": "records"},
    "due": {"actuals": "records", "protocol": "protocols", "site": "site"},
    "week": {"actuals": "records", "protocol": "protocols", "site": "site"},
    "remind": {
        "actuals": "records", "protocol": "protocols", "site": "site", "language": "language",
    },
    "amend": {"actuals": "records", "site": "site"},
    "handout": {**_STUDY, "language": "language"},
    "export": {
        **_STUDY, "actuals": "record", "level": "level", "output": "calendar", "key_file": "key",
    },
    "soa": {"protocol": "protocol"},
    "runsheet": {"site": "site"},
    "burden": {"protocol": "protocol"},
    "chart": {"site": "site"},
    "report": {**_STUDY, "output": "report"},
    "show": {"protocol": "protocol"},
    "sources": {"protocol": "protocol"},
}  # fmt: skip
"""By command and parameter, the default that holds where the parameter is not given."""
_UNLESS = {
    ("due", "actuals"): {"more"},
    ("week", "actuals"): {"more"},
    ("remind", "actuals"): {"more"},
    ("deviations", "actuals"): {"more"},
    ("export", "actuals"): {"start", "participant", "participants", "output_format"},
    ("export", "output"): {"output_format", "split", "rendering"},
    ("export", "level"): {"output_format"},
    ("export", "key_file"): {"output_format"},
    ("export", "site"): {"output_format"},
    ("chart", "site"): {"kind"},
}
"""Where other options say something else, a default does not hold."""
VARIABLE = "PLANNER_CONFIG"


class Chosen(NamedTuple):
    """The file of defaults that holds, if any, and who names it, or why there is none."""

    file: "ConfigFile | None"
    why: str


ConfigOption = Annotated[
    str | None,
    typer.Option(
        "--config",
        help="The file of the study's defaults; the nearest planner.toml if absent.",
        metavar="FILE",
    ),
]


def config_option() -> Any:
    """The option `--config` of every command that a default can hold for; no function takes it."""

    def declare(config: ConfigOption = None) -> None:
        """Declares the option as those of commands are."""

    app = typer.Typer(add_completion=False)
    app.command()(declare)
    option = typer.main.get_command(app).params[0]
    option.expose_value = False
    return option


def chosen_config(named: str | None) -> Chosen:
    """The file of defaults that holds.

    Args:
        named: by `--config`; ``None`` without that option.

    Raises:
        PlannerError: the file cannot be read, or is no such file.
    """
    from planner.api.configuration import find_config, read_config

    why = "named by --config"
    if named is None:
        named, why = os.environ.get(VARIABLE), f"named by {VARIABLE}"
    if named is not None:
        return Chosen(read_config(named) if named else None, why if named else f"{why}: none")
    path = find_config()
    if path is None:
        return Chosen(None, "there is no planner.toml in this folder or above it")
    return Chosen(read_config(_near(path)), "found from this folder upwards")


def _near(path: str) -> str:
    """The path as seen from the working folder, where it can be."""
    try:
        return os.path.relpath(path)
    except ValueError:  # another drive of Windows
        return path


def defaults_of(command: str, given: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The defaults that hold for the parameters of a command, and the file that they are from.

    Args:
        command: its name.
        given: the parameters that the command line gives, by name, and `config`.

    Raises:
        PlannerError: the file cannot be read, or is no such file; or it names several protocols
            where the command takes one.
    """

    def is_given(parameter: str) -> bool:
        # A parameter of several values that is not given is nothing, or a list of none.
        return given.get(parameter) not in (None, (), [])

    wanted = {
        parameter: key
        for parameter, key in _PARAMETERS.get(command, {}).items()
        if not is_given(parameter) and not any(map(is_given, _UNLESS.get((command, parameter), ())))
    }
    file = chosen_config(given.get("config")).file if wanted else None
    if file is None:
        return "", {}
    if "protocol" in wanted.values() and len(file.config.protocols) > 1:
        raise _several(file, command)
    values = {parameter: _value(file, key) for parameter, key in wanted.items()}
    return file.path, {name: value for name, value in values.items() if value}


def say_used(path: str, context: Any) -> None:
    """Says on stderr, in one line, which defaults a command has taken from the file."""
    from planner.cli.output import tell

    parts = []
    for param in context.command.params:
        value = (context.default_map or {}).get(param.name)
        source = context.get_parameter_source(param.name)
        if value is not None and source is not None and source.name == "DEFAULT_MAP":
            is_option = param.param_type_name == "option"
            name = max(param.opts, key=len) if is_option else param.metavar or param.name.upper()
            parts.append(f"{name} {' '.join(value) if isinstance(value, list) else value}")
    if parts:
        tell(f"{path}: {', '.join(parts)}")


def _several(file: "ConfigFile", command: str) -> PlannerError:
    """What is said where a command takes one protocol and the defaults name several."""
    names = file.config.protocols
    place = file.document.value_position(("protocols",))
    return PlannerError(
        f"{file.path}:{place.line}:{place.column}: `protocols` names {len(names)}"
        f" ({', '.join(names[:5])}{', ...' if len(names) > 5 else ''}), and this command takes one;"
        f" name it: planner {command} {names[0]}"
    )


def _value(file: "ConfigFile", key: str) -> str | list[str] | None:
    config = file.config
    if key in ("protocol", "record"):  # one alone; of several none is the one meant
        several = config.protocols if key == "protocol" else config.records
        return several[0] if len(several) == 1 else None
    if key in ("protocols", "records"):
        return list(config.protocols if key == "protocols" else config.records)
    value = getattr(config if key in type(config).model_fields else config.files, key)
    return None if value is None else str(value)


def has_defaults(command: str) -> bool:
    """Whether a default can hold for any parameter of a command."""
    return command in _PARAMETERS

"""Options by their former names: for one version they are read as before, with a warning."""

from collections.abc import Sequence

_EVERYWHERE = {"--actuals": "--records"}
_OF_COMMANDS = {
    "due": {"--without": "--away"},
    "runsheet": {"--start": "--at"},
}


def in_present_spelling(command: str, arguments: Sequence[str]) -> list[str]:
    """What a command was given, with the present names of its options.

    A warning on stderr names the new option, once for each former one.

    Args:
        command: the name of the command.
        arguments: what follows it on the command line.
    """
    names = _EVERYWHERE | _OF_COMMANDS.get(command, {})
    end = list(arguments).index("--") if "--" in arguments else len(arguments)
    present = []
    former = []
    for word in arguments[:end]:
        name, equals, value = word.partition("=")
        if name in names:
            former.append(name)
            word = f"{names[name]}{equals}{value}"
        present.append(word)
    for name in dict.fromkeys(former):
        warn_of(command, name, names[name])
    return [*present, *arguments[end:]]


def warn_of(command: str, former: str, present: str) -> None:
    """Warns on stderr that the next version knows something by its new name only."""
    from planner.cli.output import tell

    tell(
        f"warning: planner {command}: {former} is now written {present}; the next version reads"
        " only that"
    )

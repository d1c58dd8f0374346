"""How messages write what a command is given: `--start`, where Python has ``start``."""

from planner.errors import Spelling

_OPTIONS = {
    "actuals": "--records",
    "columns": "--map",
    "messages": "--itip",
    "output": "-o",
    "output_format": "--format",
    "protocols": "--protocol",
    "status": "STATUS",
    "visit": "VISIT",
    "with_visits": "--with",
    "without_visits": "--without",
}
"""Options that are not called as the arguments of the public functions are."""
_OPPOSITES = {"day_zero": "--day-one", "week_zero": "--week-one"}
"""Options that are called otherwise than `--no-` and the argument where that is false."""


class OptionSpelling(Spelling):
    """Arguments as the command line has them."""

    def name(self, argument: str) -> str:
        """An option alone, such as `--start`."""
        return _OPTIONS.get(argument) or f"--{argument.replace('_', '-')}"

    def value(self, argument: str, value: str | bool) -> str:
        """An option with its value, such as `--start DATE`; one without is there, or has `no`."""
        if value is True:
            return self.name(argument)
        if value is False:
            return _OPPOSITES.get(argument) or f"--no-{argument.removeprefix('keep_')}"
        return f"{self.name(argument)} {value}"

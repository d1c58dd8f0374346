"""The command line: words, exit codes, and where output goes; everything else is below."""

import gc
import os
import sys
from io import TextIOWrapper
from types import ModuleType
from typing import NoReturn


def run() -> NoReturn:
    """The command itself: as `main`, and the process ends at once.

    Taking down a Python with pydantic loaded costs a fifth of `planner validate`, and all that it
    would tidy up goes with the process anyway.
    """
    # Looking for garbage after every 700 new objects would cost `planner timeline` a seventh.
    gc.set_threshold(200_000)
    try:
        code = _ended()
    except KeyboardInterrupt:  # before signals are taken care of
        code = 130
    finally:
        _tidy_up()
    os._exit(code)


def _tidy_up() -> None:
    """Removes what a signal has left unfinished between two steps; no other one stops that."""
    if "planner.files" in sys.modules:
        from planner.cli.streams import ignore_signals

        ignore_signals()
        from planner.api.files import remove_unfinished

        remove_unfinished()


def _ended() -> int:
    """The exit code of `main`, once all has been written."""
    from planner.cli.streams import end_on_signals, guard_streams
    from planner.errors import PlannerError

    guard_streams()
    end_on_signals()
    code = 0
    try:
        try:
            main()
        finally:
            sys.stdout.flush()
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except PlannerError as error:
        from planner.cli.output import complain

        complain(str(error))
        code = 2
    sys.stderr.flush()
    return code


def main() -> None:
    """Runs the command line; exit codes are 0 done, 1 the answer is no, 2 could not be done."""
    _no_pydantic_plugins()
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a letter shows its code instead of ending the command.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    from planner.cli.app import application
    from planner.cli.output import use_screen_options
    from planner.errors import AnswerNo, PlannerError, os_reason

    try:
        # The shell asks for words to complete in the environment, not in the arguments.
        is_completing = "_PLANNER_COMPLETE" in os.environ
        arguments = use_screen_options(sys.argv[1:])
        first_word = None if is_completing else (arguments or ["--help"])[0]
        application(first_word)(args=arguments, prog_name="planner")
    except PlannerError as error:
        from planner.cli.output import complain

        complain(str(error))
        sys.exit(1 if isinstance(error, AnswerNo) else 2)
    except OSError as error:
        from planner.cli.output import complain

        name = "" if error.filename is None else f"{error.filename}: "
        complain(f"{name}{os_reason(error)}")
        sys.exit(2)


def _no_pydantic_plugins() -> None:
    """Tells pydantic that there are no plug-ins before it looks for them.

    It would import all of ``importlib.metadata`` for that, a twentieth of `planner validate`, even
    where PYDANTIC_DISABLE_PLUGINS says not to. Should it ask for anything else, it gets its own.
    """
    name = "pydantic.plugin._loader"
    if name in sys.modules:
        return

    def own(attribute: str) -> object:
        from importlib import import_module

        if attribute.startswith("__"):  # the import system asks for these
            raise AttributeError(attribute)
        del sys.modules[name]
        return getattr(import_module(name), attribute)

    loader = ModuleType(name)
    vars(loader).update(get_plugins=lambda: (), __getattr__=own)
    sys.modules[name] = loader

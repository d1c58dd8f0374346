"""The command line: words, exit codes, and where output goes; everything else is below."""

import gc
import os
import sys


def main() -> None:
    """Runs the command line; exit codes are 0 done, 1 the answer is no, 2 could not be done."""
    # Starting up makes no garbage worth collecting; looking for it takes a tenth of the time.
    gc.disable()
    # Pydantic would look through every installed package for plug-ins that nobody has here.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
    from planner.cli.app import app
    from planner.errors import PlannerError

    try:
        app()
    except PlannerError as error:
        from planner.cli.output import complain

        complain(str(error))
        sys.exit(2)
    except BrokenPipeError:
        # The reader (such as `head`) has seen enough; nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        from planner.cli.output import complain

        complain(f"cannot write: {(error.strerror or str(error)).lower()}")
        sys.exit(2)

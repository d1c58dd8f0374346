"""``python -m planner``: the command line."""

from planner.cli import run

if __name__ == "__main__":
    run()

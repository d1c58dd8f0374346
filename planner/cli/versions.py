"""`planner --version`: what a bug report needs to say."""

import platform
from importlib.metadata import PackageNotFoundError, version

from planner.version import __version__

_PACKAGES = (
    "pydantic", "typer", "rich", "icalendar", "PyYAML", "tzdata", "holidays", "XlsxWriter",
    "pyreadstat", "lxml", "vl-convert-python",
)  # fmt: skip


def versions() -> str:
    """One line each for the planner, Python, the system, and the packages results depend on."""
    import yaml

    from planner.time.zone import zone_release

    lines = [
        f"planner {__version__}",
        f"Python {platform.python_version()} on {platform.platform()}",
    ]
    for package in _PACKAGES:
        try:
            number = version(package)
        except PackageNotFoundError:
            number = "not installed"
        lines.append(f"{package} {number}")
    lines.append(f"libyaml {'used' if yaml.__with_libyaml__ else 'not available'}")
    lines.append(f"time zones by tzdata {zone_release('Europe/Berlin')}")
    return "\n".join(lines)

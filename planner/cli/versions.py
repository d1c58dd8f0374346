"""`planner --version`: what a bug report needs to say."""

import platform
from importlib.metadata import PackageNotFoundError, version

from planner import __version__

_PACKAGES = (
    "pydantic", "typer", "rich", "icalendar", "PyYAML", "tzdata", "holidays", "XlsxWriter",
    "pyreadstat", "lxml", "altair", "vl-convert-python",
)  # fmt: skip


def versions() -> str:
    """One line each for the planner, Python, the system, and the packages results depend on."""
    import yaml

    lines = [
        f"planner {__version__}",
        f"Python {platform.python_version()} on {platform.platform()}",
    ]
    for package in _PACKAGES:
        try:
            found = version(package)
        except PackageNotFoundError:
            found = "not installed"
        lines.append(f"{package} {found}")
    lines.append(f"libyaml {'used' if yaml.__with_libyaml__ else 'not available'}")
    lines.append(f"time zones {_zone_source()}")
    return "\n".join(lines)


def _zone_source() -> str:
    """Where zoneinfo reads from, since a system's data may be older than the package's."""
    import os
    import zoneinfo

    for folder in zoneinfo.TZPATH:
        if os.path.isfile(os.path.join(folder, "Europe", "Berlin")):
            for name in ("+VERSION", "tzdata.zi"):
                try:
                    with open(os.path.join(folder, name), encoding="utf-8") as file:
                        first = file.readline().strip().removeprefix("# version ")
                except OSError:
                    continue
                return f"{first} from {folder}"
            return f"from {folder}"
    return "from the tzdata package"

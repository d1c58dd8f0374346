"""The versions of all that results depend on, as a report of a mistake names them."""

_PACKAGES = (
    "pydantic", "typer", "rich", "icalendar", "PyYAML", "tzdata", "holidays", "XlsxWriter",
    "pyreadstat", "lxml", "vl-convert-python",
)  # fmt: skip


def versions() -> dict[str, str | None]:
    """The versions in use of the planner, of Python with its system, and of the packages.

    Returns:
        The version by name, as text; ``None`` of a package that is not installed. Under `libyaml`
        stands whether PyYAML reads with it, and under `time zones by tzdata` the release of the
        IANA time zone database that dates are made with.
    """
    import platform
    from importlib.metadata import PackageNotFoundError, version

    import yaml

    from planner.time.zone import zone_release
    from planner.version import __version__

    numbers: dict[str, str | None] = {
        "planner": __version__,
        "Python": f"{platform.python_version()} on {platform.platform()}",
    }
    for package in _PACKAGES:
        try:
            numbers[package] = version(package)
        except PackageNotFoundError:
            numbers[package] = None
    numbers["libyaml"] = "used" if yaml.__with_libyaml__ else "not available"
    numbers["time zones by tzdata"] = zone_release("Europe/Berlin")
    return numbers

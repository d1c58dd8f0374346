"""Public holidays by the ``holidays`` library, an extra that is imported only when asked for."""

from datetime import date
from types import ModuleType

from planner.errors import PlannerError, did_you_mean
from planner.site.model import HolidayCalendar


def holidays_version() -> str:
    """The version of the ``holidays`` library.

    Raises:
        PlannerError: it is not installed.
    """
    return str(_library().__version__)


def unknown_place(calendar: HolidayCalendar) -> tuple[str, str] | None:
    """The field of a holiday calendar that names no place the library knows, and why.

    Args:
        calendar: the country, and the region if any, whose holidays the site keeps.

    Returns:
        ``country`` or ``region`` and a sentence; ``None`` where both are known.

    Raises:
        PlannerError: the library is not installed.
    """
    library = _library()
    regions_of = library.list_supported_countries(include_aliases=False)
    country, region = calendar.country, calendar.region
    if country not in regions_of:
        return "country", f"`{country[:40]}` is no country whose holidays are known; " + _hint(
            country, {**_country_names(library), **{code: code for code in regions_of}}
        )
    if region is None or region in regions_of[country]:
        return None
    if not regions_of[country]:
        return "region", f"the holidays of {country} do not differ by region; leave `region` out"
    names = dict(getattr(library, country).get_subdivision_aliases())
    spellings = {name: code for code, aliases in names.items() for name in aliases}
    hint = _hint(region, {**spellings, **{code: code for code in regions_of[country]}})
    return "region", f"`{region[:40]}` is no region of {country}; {hint}"


def holidays_of_year(calendar: HolidayCalendar, year: int) -> dict[date, str]:
    """The public holidays of a year by date, with days taken off for a holiday at a weekend.

    Args:
        calendar: the country, and the region if any, whose holidays the site keeps.
        year: such as 2027.

    Returns:
        Names, in English where the library has it.

    Raises:
        PlannerError: the library is not installed, does not know the place, or not that year.
    """
    library = _library()
    unknown = unknown_place(calendar)
    if unknown is not None:
        raise PlannerError(f"`holidays`: {unknown[1]}")
    kind = getattr(library, calendar.country)
    if not kind.start_year <= year <= kind.end_year:
        raise PlannerError(
            f"public holidays of {calendar} in {year}: holidays {holidays_version()} knows them"
            f" from {kind.start_year} to {kind.end_year} only"
        )
    english = [word for word in kind.supported_languages if word.startswith("en")]
    days = library.country_holidays(
        calendar.country,
        subdiv=calendar.region,
        years=year,
        expand=False,
        language=english[0] if english else None,
    )
    return dict(days.items())


def _library() -> ModuleType:
    try:
        import holidays
    except ImportError:
        raise PlannerError(
            "the site file names public holidays, which need the `holidays` library:"
            ' pip install "trial-session-planner[holidays]"'
        ) from None
    module: ModuleType = holidays
    return module


def _country_names(library: ModuleType) -> dict[str, str]:
    """Country codes by the library's names and longer codes, for hints."""
    names: dict[str, str] = {}
    for words in getattr(library.registry, "COUNTRIES", {}).values():
        code = next((word for word in words if len(word) == 2), None)
        if code:
            names |= dict.fromkeys(words, code)
    return names


def _hint(word: str, codes: dict[str, str]) -> str:
    by_spelling = {name.lower().replace(" ", ""): code for name, code in codes.items()}
    names = sorted(set(codes.values()))
    known = f"known: {', '.join(names)}" if len(names) <= 60 else "write its two-letter code"
    sought = word.lower().replace(" ", "")
    return did_you_mean(sought, by_spelling, spelled=by_spelling, likeness=0.7) or known

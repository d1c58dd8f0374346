"""Public holidays by the ``holidays`` library, an extra that is imported only when asked for."""

import os
import sys
from datetime import date
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType
from typing import Any

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
    country, region = calendar.country, calendar.region
    kind = _country(_library(), country)
    if kind is None:
        codes = _country_codes(_library())
        return "country", f"`{country[:40]}` is not a country whose holidays are known; " + _hint(
            country, {**codes, **{code: code for code in codes.values()}}
        )
    if region is None or region in kind.subdivisions:
        return None
    if not kind.subdivisions:
        return "region", f"the holidays of {country} do not differ by region; leave `region` out"
    spellings = {
        name: code for code, names in kind.get_subdivision_aliases().items() for name in names
    }
    hint = _hint(region, {**spellings, **{code: code for code in kind.subdivisions}})
    return "region", f"`{region[:40]}` is not a region of {country}; {hint}"


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
    unknown = unknown_place(calendar)
    if unknown is not None:
        raise PlannerError(f"`holidays`: {unknown[1]}")
    kind = _country(_library(), calendar.country)
    if not kind.start_year <= year <= kind.end_year:
        raise PlannerError(
            f"public holidays of {calendar} in {year}: holidays {holidays_version()} knows them"
            f" from {kind.start_year} to {kind.end_year} only"
        )
    english = [word for word in kind.supported_languages if word.startswith("en")]
    language = english[0] if english else None
    return dict(kind(subdiv=calendar.region, years=year, expand=False, language=language))


@cache
def _country(library: ModuleType, code: str) -> Any:
    """What knows the holidays of a country; ``None`` for a code that the library does not have.

    The country's file is read by itself, since the library's package of countries reads all files.
    """
    for name, (entity, *codes) in library.registry.COUNTRIES.items():
        if codes[0] == code:
            package = f"{library.__name__}.countries"
            path = os.path.join(*library.__path__, "countries", f"{name}.py")
            source = spec_from_file_location(f"{package}.{name}", path)
            is_alone = package not in sys.modules and os.path.isfile(path)
            if not is_alone or source is None or source.loader is None:
                return getattr(library, code)
            module = module_from_spec(source)
            source.loader.exec_module(module)
            return getattr(module, entity)
    return None


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


def _country_codes(library: ModuleType) -> dict[str, str]:
    """Country codes of two letters by the library's names and codes."""
    return {word: words[1] for words in library.registry.COUNTRIES.values() for word in words}


def _hint(word: str, codes: dict[str, str]) -> str:
    by_spelling = {name.lower().replace(" ", ""): code for name, code in codes.items()}
    names = sorted(set(codes.values()))
    known = f"known: {', '.join(names)}" if len(names) <= 60 else "write its two-letter code"
    sought = word.lower().replace(" ", "")
    return did_you_mean(sought, by_spelling, spelled=by_spelling, likeness=0.7) or known

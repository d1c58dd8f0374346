"""Words that the shell offers for an option's value: arms, visits, rules, formats and the like."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from typer.core import CompletionItem  # type: ignore[attr-defined]

from planner.errors import PlannerError


def complete_values(params: Iterable[Any]) -> None:
    """Has parameters whose values are known offer them.

    Args:
        params: of the command that is being typed; one that offers words already is left as it is.
    """
    for param in params:
        words = _WORDS.get(param.name)
        if words is not None and not (param.metavar or "").startswith("PROTOCOL"):
            param.shell_complete = _completion(param, words)


def _completion(
    param: Any, words: Callable[[Any, Any], Iterable[str]]
) -> Callable[[Any, str], list[CompletionItem]]:
    def offered(context: Any, incomplete: str) -> list[CompletionItem]:
        try:
            known = list(words(context, param))
        except PlannerError:  # nobody reads a message while typing
            return []
        return [CompletionItem(word) for word in known if word.startswith(incomplete)]

    return offered


def _arms(context: Any, _: Any) -> list[str]:
    return [arm.id for file in _protocols(context) for arm in file.protocol.arms]


def _visits(context: Any, param: Any) -> list[str]:
    from planner.api.protocols import visit_ids

    end = "=" if (param.metavar or "").startswith("VISIT=") else ""
    return [f"{visit}{end}" for file in _protocols(context) for visit in visit_ids(file)]


def _protocols(context: Any) -> list[Any]:
    """The protocols that the command line names so far, else that of the study's defaults."""
    from planner.api.protocols import load
    from planner.cli.study_defaults import defaults_of

    typed = context.params.get("protocol") or context.params.get("names") or context.args[:1]
    if not typed:
        typed = defaults_of(context.info_name, context.params)[1].get("protocol")
    names = [typed] if isinstance(typed, str) else typed or []
    return [load(name) for name in names if name != "compare"]


def _rules(_: Any, param: Any) -> list[str]:
    from planner.api.checks import list_checks

    checks = list_checks()
    families = sorted({check.family for check in checks})
    if param.name == "family":
        return families
    ids = [check.id for check in checks]
    return ids if param.name == "rule" else [*families, *ids]


def _formats(_: Any, param: Any) -> list[str]:
    """The formats that the option's help lists."""
    from planner.cli.output_formats import SUFFIXES

    words = re.findall(r"\b[a-z]+\b", param.help or "")
    return [word for word in dict.fromkeys(words) if word in SUFFIXES or word == "sdtm"]


def _languages(_: Any, __: Any) -> Iterable[str]:
    from planner.api.pages import handout_languages

    return handout_languages()


def _kinds(_: Any, __: Any) -> Iterable[str]:
    from planner.api.charts import KINDS

    return KINDS


def _themes(_: Any, __: Any) -> Iterable[str]:
    from planner.api.charts import THEMES

    return THEMES


def _splits(_: Any, __: Any) -> Iterable[str]:
    from planner.api.calendar_updates import SPLITS

    return SPLITS


def _levels(_: Any, __: Any) -> Iterable[str]:
    from planner.cli.exporting import LEVELS

    return LEVELS


def _renderings(_: Any, __: Any) -> Iterable[str]:
    from planner.cli.exporting import RENDERINGS

    return RENDERINGS


def _profiles(_: Any, __: Any) -> Iterable[str]:
    from planner.api.calendars import PROFILES

    return PROFILES


def _targets(context: Any, _: Any) -> Iterable[str]:
    from planner.api.imports import ODM_TARGETS, USDM_TARGETS

    return ODM_TARGETS if context.info_name == "odm" else USDM_TARGETS


_WORDS: dict[str, Callable[[Any, Any], Iterable[str]]] = {
    "arm": _arms,
    "visit": _visits, "at": _visits, "with_visits": _visits, "without_visits": _visits,
    "move": _visits, "miss": _visits, "cancel": _visits,
    "rule": _rules, "select": _rules, "ignore": _rules, "family": _rules,
    "output_format": _formats,
    "language": _languages,
    "kind": _kinds,
    "theme": _themes,
    "split": _splits,
    "level": _levels,
    "rendering": _renderings,
    "profile": _profiles,
    "targets": _targets,
}  # fmt: skip
"""By the name of the parameter, what makes the words."""

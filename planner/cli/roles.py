"""Who reads a store: the option `--role`, or the study's defaults."""

from typing import Annotated

import typer

RoleOption = Annotated[
    str | None,
    typer.Option(
        "--role",
        help="Show what this role may see: coordinator, rater, unblinded or monitor; that of"
        " planner.toml, or else all, if absent.",
        metavar="ROLE",
    ),
]
_ALLOWED = {
    "rater": ("history", "export"),
    "monitor": ("history", "export", "verify", "seal", "texts"),
}
"""Of `planner store`, what the roles do that do not do everything."""


def role_for(command: str, given: str | None = None, *, group: str = "store ") -> str | None:
    """The role in which somebody gives a command of `planner store`; ``None`` where none is stated.

    Args:
        command: its name.
        given: by `--role`.
        group: that the command is in, as it is written before it.

    Raises:
        PlannerError: the role does not do this.
    """
    from planner.cli.study_defaults import chosen_config
    from planner.errors import PlannerError

    file = chosen_config(None).file
    role = given if given is not None or file is None else file.config.role
    if role is not None and command not in _ALLOWED.get(role, (command,)):
        where = f" ({file.path})" if given is None and file is not None else ""
        raise PlannerError(
            f"`planner {group}{command}` is not for the role {role}{where}, which has"
            f" {', '.join(_ALLOWED[role])}"
        )
    return role

"""`planner --version`: what a bug report needs to say."""


def version_lines() -> str:
    """One line each for the planner, Python, the system, and the packages results depend on."""
    from planner.api.versions import versions

    return "\n".join(f"{name} {number or 'not installed'}" for name, number in versions().items())

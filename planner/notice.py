"""The one line that every output ends with."""

NOTICE = "Research and education only: a schedule of a study protocol, not advice to anyone."

from collections.abc import Iterator

from planner.checks.framework import Flag, check
from planner.checks.identifiers import owner
from planner.checks.subject import Subject
from planner.checks.written_texts import matches

# Each pattern begins with a character or a set of them: so is searching for it fastest, and what
# must not stand before that character is looked for behind it.
_PERSONAL = (
    ("an e-mail address", r"@(?<=[\w.+-]@)[\w-]+\.\w+"),
    ("a telephone number", r"\+\d[\d ()/.-]{6,16}\d"),
    ("a telephone number", r"[TtPpMmFf](?<!\w.)(?:el|hone|obile|ax)\b[.:]* *\d[\d ()/.-]{4,}"),
    ("a telephone number", r"\d{3}(?<![\d-]\d{3})\)?[ -]\d{3}-\d{4}(?![\w-])"),
    ("a telephone number", r"0(?<![\w/.-]0)\d{2,4}[ /-]\d{5,8}(?![\w-])"),
    (
        "a date of birth",
        r"[BbDdGg](?<!\w.)(?:orn\b|ob\b|OB\b|ate of birth|irth ?date|eb\.|eboren)[^.\n]{0,20}\d",
    ),
    (
        "the name of a person",
        r"[DFHMP](?<!\w.)(?:rs?|s|x|rof|err|rau)\b\.?(?: [A-Z]\.)* +[A-Z]\w+(?: [A-Z]\w+)?",
    ),
)


@check(
    "warning",
    "text that looks like personal data",
    what="An e-mail address, a telephone number, a date of birth or a name with its form of"
    " address, anywhere but in the title of a source.",
    why="A protocol file describes a study and is passed on to many people. Participants have"
    " codes, staff have roles.",
    bad="footnotes:\n  contact: Ask Dr. Jane Miller about the last visit.\n",
    good="footnotes:\n  contact: Ask the therapist about the last visit.\n",
)
def personal_data(subject: Subject) -> Iterator[Flag]:
    for what, pattern in _PERSONAL:
        for path, text in matches(subject, pattern):
            if path[:1] == ("sources",) and path[2:] in (("title",), ("id",)):
                continue
            message = f"`{text}` looks like {what}"
            hint = "write a role or a code instead"
            yield Flag(path, message, hint, about=[owner(subject, path)])

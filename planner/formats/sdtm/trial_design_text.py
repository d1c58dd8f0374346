"""What SDTM lets a text be: ASCII, at most 200 letters; and codes that are short and unique."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from planner.formats.sdtm.visit_names import plain_name
from planner.text import one_line

MAX_TEXT_LENGTH = 200
MAX_ARMCD_LENGTH = 20
MAX_ETCD_LENGTH = 8
_SPELLED = str.maketrans(
    {
        "–": "-", "—": "-", "‑": "-", "−": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "„": '"',
        "«": '"', "»": '"', "·": ".", "•": "*", "×": "x", "÷": "/", "±": "+/-", "≥": ">=",
        "≤": "<=", "≠": "!=", "≈": "~", "→": "->", "←": "<-", "°": " deg", "µ": "u", "μ": "u",
        "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "κ": "kappa", "ß": "ss",
        "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
        "đ": "d", "Đ": "D", "ð": "d", "þ": "th", "Þ": "Th", "ı": "i", "§": "Sec. ",
        "€": "EUR", "£": "GBP", "™": "(TM)", "®": "(R)", "©": "(C)",
    }
)  # fmt: skip
_UNKNOWN = "?"


class TextWriter:
    """Makes texts fit, and counts what that took from them, by what happened."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def fit(self, text: str) -> str:
        """A text on one line, in ASCII, of at most 200 letters; what has no ASCII form is `?`."""
        plain = ascii_text(text)
        if plain is None:
            self.counts["letters"] += 1
            plain = ascii_text(text, _UNKNOWN) or _UNKNOWN
        if len(plain) > MAX_TEXT_LENGTH:
            self.counts["cut"] += 1
            plain = shortened(plain)
        return plain

    def name(self, text: str | None, key: str) -> str:
        """A name that fits whole, or else the id of what it names."""
        plain = None if text is None else ascii_text(text)
        if plain and len(plain) <= MAX_TEXT_LENGTH:
            return plain
        if text is not None:
            self.counts["named by id"] += 1
        return key

    def notes(self) -> Iterator[str]:
        """A sentence for each kind of change that was made."""
        sentences = {
            "letters": ("text has letters", "texts have letters", "without an ASCII form: `?`"),
            "cut": ("text is", "texts are", f"longer than {MAX_TEXT_LENGTH} letters: cut"),
            "named by id": (
                "title does", "titles do",
                f"not fit ({MAX_TEXT_LENGTH} letters of ASCII) or name two things: the id stands",
            ),
        }  # fmt: skip
        for kind, (sentence, many, rest) in sentences.items():
            count = self.counts[kind]
            if count:
                yield f"{count:,} {sentence if count == 1 else many} {rest}"


def ascii_text(text: str, unknown: str = "") -> str | None:
    """The text in printable ASCII: accents are left away, known signs spelled out.

    Args:
        text: any text; line breaks become blanks.
        unknown: stands for each letter that has no such form.

    Returns:
        ``None`` where there is such a letter and nothing stands for it.
    """
    plain_text = one_line(text)
    if plain_text.isascii():
        return plain_text
    letters: list[str] = []
    for letter in plain_text:
        spelled = letter.translate(_SPELLED)
        if not spelled.isascii():
            parts = unicodedata.normalize("NFKD", letter).translate(_SPELLED)
            spelled = "".join(part for part in parts if not unicodedata.combining(part))
            spelled = spelled.replace("\u2044", "/")
            if letters and letters[-1][-1:].isdigit():
                # `1½` is `1 1/2`, and `10²` is `10^2`.
                spelled = (" " if "/" in spelled else "^" if spelled.isdigit() else "") + spelled
        if not spelled.isascii() or not (spelled or unicodedata.combining(letter)):
            if not unknown:
                return None
            spelled = unknown
        letters.append(spelled)
    return one_line("".join(letters))


def shortened(text: str) -> str:
    """At most 200 letters of it; `...` where something was left away, after a whole word."""
    if len(text) <= MAX_TEXT_LENGTH:
        return text
    kept = text[: MAX_TEXT_LENGTH - 3]
    words = kept.rsplit(" ", 1)[0]
    return (words if len(words) > MAX_TEXT_LENGTH // 2 else kept).rstrip(" ,;:(") + "..."


def names_of(titles: Mapping[str, str | None], writer: TextWriter) -> dict[str, str]:
    """A name for each key, which is its own also where capitals and punctuation do not count.

    It is the title where that fits, names nothing else, and is no other one's key; else the key.
    Readers that look for titles and keys as `visit_names` does find the same keys by them.
    """
    counted = Counter(plain_name(title) for title in titles.values() if title is not None)
    names = {}
    for key, title in titles.items():
        name = writer.name(title, key)
        if title is not None and name != key:
            is_own = counted[plain_name(title)] == 1 and plain_name(name) == plain_name(title)
            if not is_own or (plain_name(name) in titles and plain_name(name) != key):
                writer.counts["named by id"] += 1
                name = key
        names[key] = name
    return names


def codes_of(keys: Iterable[str], longest: int, make: Callable[[str], str]) -> dict[str, str]:
    """A code for each key: what ``make`` says, cut and numbered where two would be the same."""
    codes: dict[str, str] = {}
    taken: set[str] = set()
    for key in keys:
        base = make(key)
        code = base[:longest].rstrip("-_ ") or "X"
        number = 2
        while code in taken:
            end = str(number)
            code = base[: longest - len(end)].rstrip("-_ ") + end
            number += 1
        taken.add(code)
        codes[key] = code
    return codes

"""How much of a file is read, whatever kind of file it is, and the sentences that refuse more.

Files are hostile until they are read. The limits are the project's own, at every entrance: no
library that scans for it decides how deep, how large or how often, and a refusal reads the same
everywhere.
"""

MAX_FILE = 2 << 20
"""Bytes of a file that is read whole: YAML, CSV, lists of texts."""
MAX_STUDY = 32 << 20
"""Bytes of a .json or .xml file: studies of other standards bring the whole protocol text along.

The longest course in USDM, as it is written here, has 20 MiB or more; a larger study than can be
read is not written.
"""
MAX_CALENDAR = 256 << 20
"""Bytes of a calendar: none that anybody subscribes to is as large."""
MAX_DEPTH = 32
"""Levels of lists, mappings, elements and components inside each other."""
MAX_VALUES = 200_000
"""Values of a document, each as often as aliases repeat it."""
MAX_STUDY_VALUES = 600_000
"""Values of a .json file; the longest course in USDM has 350,000 or more."""
LETTERS_A_VALUE = 64
"""So many letters of a text weigh as much as another value, since an alias repeats them, too."""
MAX_ELEMENTS = 50_000
"""Elements of an XML file that are looked into."""
MAX_ATTRIBUTES = 250
"""Attributes of one XML element; reading them takes time by their number's square."""
MAX_COLUMNS = 10_000
"""Columns of a table."""
MAX_CELL = 100_000
"""Letters of one cell of a CSV file."""
MAX_LINE = 1 << 16
"""Bytes of one line of a file that is read line by line."""
MAX_ROW = 1 << 20
"""Letters of one row of a dataset."""
MAX_VALUE = 1 << 22
"""Letters of anything else in a dataset, such as its `columns`, and of a line of its line form."""
MAX_PARTICIPANTS = 1_000_000
"""Participants of one file."""
MAX_TEXTS = 20_000
"""Texts of schedules, each of which is read by itself."""
MAX_COMPONENTS = 500_000
"""Components of a calendar file, whatever they stand in."""
MAX_FOLDS = 1_000_000
"""Continuation lines of one content line of a calendar."""
MAX_ALIKE = 100
"""Problems of one kind that are listed of a file that cannot be read; what is more is counted."""
MAX_FINDINGS = 500
"""Findings of one check that a report lists, and remarks of one kind; what is more is counted."""

TOO_DEEP = f"nested more than {MAX_DEPTH} levels deep"


def too_large(most: int) -> str:
    """What is said of a file of more than so many bytes."""
    return f"the file is over {most >> 20} MiB"


def too_many(most: int, what: str) -> str:
    """What is said of a file that has more than so many of something."""
    return f"the file has more than {most:,} {what}"


def too_long(most: int, what: str, unit: str = "letters") -> str:
    """What is said of a line, a row or a cell of more than so many letters, or bytes."""
    return f"{what} is longer than {most:,} {unit}"

"""A folder of participants' records: all new ones take their places, or none does."""

import os

from planner.errors import FilesInTheWay, PlannerError
from planner.files import PreparedFolder
from planner.timeline.record_reading import SUFFIXES


class RecordFolder:
    """New records of a folder, which take their places together when all of them are there."""

    def __init__(self, folder: str, suffix: str, *, replace: bool) -> None:
        """Begins them.

        Args:
            folder: where they are to be; it is made if there is none.
            suffix: of their files: `.yaml` or `.csv`.
            replace: whether records that are there may be replaced.

        Raises:
            PlannerError: the folder cannot be written.
        """
        self._folder = PreparedFolder(folder)
        self._suffix = suffix
        self._replace = replace
        self._there: dict[str, list[str]] = {}
        self._in_the_way: list[str] = []
        for name in sorted(os.listdir(folder)):
            code, ending = os.path.splitext(name)
            if ending.lower() in SUFFIXES:
                self._there.setdefault(code.casefold(), []).append(name)

    def add(self, code: str, text: str) -> None:
        """A participant's record; one that says the same already is left alone.

        Raises:
            PlannerError: the disk does not take it, or a code differs only in capital letters.
        """
        name = code + self._suffix
        for known in self._there.get(code.casefold(), ()):
            is_other = known != name
            if is_other or not self._folder.says(name, text.encode()):
                self._in_the_way.append(known)
            if is_other and self._replace:
                if os.path.splitext(known)[0] != code:
                    raise PlannerError(
                        f"{os.path.join(self._folder.folder, known)}: its code and `{code}` differ"
                        " only in capital letters; rename one of them"
                    )
                self._folder.remove(known)
        if self._replace or not self._in_the_way:
            self._folder.write(name, text.encode())

    def put(self) -> None:
        """Puts all of them in their places.

        Raises:
            FilesInTheWay: the folder holds records of these participants that say something else.
            PlannerError: the disk refuses one. In both cases nothing is changed.
        """
        if self._in_the_way and not self._replace:
            paths = [os.path.join(self._folder.folder, name) for name in self._in_the_way]
            raise FilesInTheWay(paths)
        self._folder.put()

    def discard(self) -> None:
        """Removes what was not put in place."""
        self._folder.discard()

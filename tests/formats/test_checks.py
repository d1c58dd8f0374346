"""Both catalogues of checks together: those of protocols, and those of other standards' studies."""

import pytest
from example_protocol import example_file

from planner.checks import run
from planner.checks.run import examine
from planner.formats.checks import all_checks, choose

IGNORED = "ignore:\n  - {rule: windows-overlap, reason: As published}\n"


def test_the_checks_of_protocols_stand_first_and_those_of_studies_follow() -> None:
    checks = all_checks()
    own = run.all_checks()
    assert list(checks)[: len(own)] == list(own)
    assert {checks[name].family for name in checks.keys() - own.keys()} == {"imported"}


def test_a_file_may_ignore_what_only_the_check_of_a_study_finds() -> None:
    file = example_file(IGNORED)
    assert [one.message for one in examine(file, run.all_checks().values())] == [
        "there is no check `windows-overlap` to ignore"
    ]
    assert [one.message for one in examine(file, choose((), ()))] == [
        "there is no finding of `windows-overlap` to ignore"
    ]


def test_a_second_catalogue_cannot_take_an_id_of_the_first() -> None:
    taken = next(iter(run.all_checks().values()))
    with pytest.raises(ValueError, match=taken.id):
        run.all_checks([taken])

"""The table of a timeline: which columns there are depends on the room."""

from pathlib import Path

import planner
from planner.views.timeline_table import render_table

RECORD = """\
participant: P0009
visits:
  - {visit: baseline, status: occurred, start: 2027-01-14}
  - {visit: prep-2, status: occurred, start: 2028-01-05}
"""


def test_titles_of_visits_stay_readable_beside_long_windows(tmp_path: Path) -> None:
    path = tmp_path / "P0009.yaml"
    path.write_text(RECORD)
    timeline = planner.replan("mapp1", str(path), today="2027-01-15")
    for width, has_window in ((90, False), (96, False), (100, False), (140, True)):
        lines = render_table(timeline, width=width, color=False).split("\n")
        assert max(map(len, lines)) <= width
        assert any("V05 Baseline" in line for line in lines)
        head = next(line for line in lines if line.startswith("Day "))
        assert ("Window  " in head, "Slack" in head) == (has_window, has_window)
        assert any("slack: days" in line for line in lines) is has_window

"""Short texts of schedules of activities, read into distances and windows, or refused.

``read_timing(text, context) -> Reading | Unread`` reads what headers and cells of schedules say:
``Days -28 to -2``, ``15±3``, ``q3w``, ``within 28±2 days after last treatment``, ``Cycle 1 Day 8``.

``label_distances(text) -> LabelDistances | None`` is for comparing a timing's label with its
values: ``Week 12`` gives the distances ``(12w,)``, ``Day 14`` both ``(14d, 13d)``, ``-2..4 days``
no distance and the window ``-2d..4d``, ``Screening`` gives ``None``.
"""

from planner.protocol.timing_texts.context import Context as Context
from planner.protocol.timing_texts.context import named_context as named_context
from planner.protocol.timing_texts.labels import LabelDistances as LabelDistances
from planner.protocol.timing_texts.labels import TitleTime as TitleTime
from planner.protocol.timing_texts.labels import label_distances as label_distances
from planner.protocol.timing_texts.labels import title_times as title_times
from planner.protocol.timing_texts.read import read_timing as read_timing
from planner.protocol.timing_texts.reading import Coordinate as Coordinate
from planner.protocol.timing_texts.reading import Reading as Reading
from planner.protocol.timing_texts.reading import Span as Span
from planner.protocol.timing_texts.reading import Unread as Unread

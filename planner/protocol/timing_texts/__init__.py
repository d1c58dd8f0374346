"""Short texts of schedules of activities, read into distances and windows.

``label_distances(text) -> LabelDistances | None`` is for comparing a timing's label with its
values: ``Week 12`` gives the distances ``(12w,)``, ``Day 14`` both ``(14d, 13d)``, ``-2..4 days``
no distance and the window ``-2d..4d``, ``Screening`` gives ``None``.
"""

from planner.protocol.timing_texts.labels import LabelDistances as LabelDistances
from planner.protocol.timing_texts.labels import label_distances as label_distances

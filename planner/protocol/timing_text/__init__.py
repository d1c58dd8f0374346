"""Short texts of schedules of activities, read into distances and windows, or refused.

``read.read_timing(text, context) -> Reading | Unread`` reads what headers and cells of schedules
say: ``Days -28 to -2``, ``15±3``, ``q3w``, ``within 28±2 days after last treatment``,
``Cycle 1 Day 8``.

``labels.label_distances(text) -> LabelDistances | None`` is for comparing a timing's label with
its values: ``Week 12`` gives the distances ``(12w,)``, ``Day 14`` both ``(14d, 13d)``,
``-2..4 days`` no distance and the window ``-2d..4d``, ``Screening`` gives ``None``.
``labels.title_times(text)`` finds the times among the other words of a title.

Nothing is imported here: checks of titles need the labels alone.
"""

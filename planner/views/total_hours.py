"""How many hours all meetings of a visit take together, where nobody says what each takes."""

from planner.time.distance import Window


def total_text(hours: Window, *, repeats: bool) -> str:
    """The hours in words; of a visit that is planned once nobody knows how many meetings it is.

    Args:
        hours: in elapsed time, least and most.
        repeats: whether the protocol states a number of meetings.
    """
    return f"{hours} in all" + ("" if repeats else ", number of meetings unknown")

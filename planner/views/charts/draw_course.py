"""Lays out a course: a row for each visit, its windows as box and whiskers, its day as a mark."""

from collections.abc import Iterable
from datetime import timedelta

from planner.protocol.course import NOT_PUBLISHED
from planner.views.charts import metrics
from planner.views.charts.axis import Scale, Tick, date_ticks, make_scale, ticks
from planner.views.charts.course import (
    CONTRADICTION,
    Closed,
    CourseRow,
    CourseTable,
    CourseTrack,
    in_order,
    long_date,
    study_day,
)
from planner.views.charts.frame import (
    MARGIN,
    SMALL,
    TEXT,
    Draw,
    LegendEntry,
    Rows,
    RowText,
    axis_labels,
    axis_lines,
    gap_key,
    gap_strips,
    head,
    legend,
    notes,
)
from planner.views.charts.marks import (
    STATUS_WORDS,
    band,
    box,
    mark_status,
    status_mark,
    target_mark,
    whiskers,
)
from planner.views.charts.palette import GREY, Theme, edge, epoch_colors, mix
from planner.views.charts.picture import (
    WHOLE,
    Box,
    Canvas,
    Frame,
    Picture,
    Stroke,
    line_height,
    tip,
)

DAY_STEPS = (1, 2, 7, 14, 28, 56, 84, 168, 336, 672, 1344, 2688)
_SHADED_FROM = 2.2
"""Pixels a day from which on days that are closed every week are shaded."""
_MANY = 24
"""With more rows the axis stands below them, too."""


def draw_course(table: CourseTable, theme: Theme, width: int, frame: Frame = WHOLE) -> Picture:
    """The picture of a course, so many pixels wide and as high as it needs."""
    canvas = Canvas(theme, width, frame)
    head(canvas, table.title, table.about)
    ordered = in_order(table.rows)
    texts = list(_row_texts(table, ordered))
    colors = epoch_colors([(row.epoch, row.epoch_kind) for row in ordered if row.is_planned])
    track_texts = [RowText(track.title, (track.how,)) for track in table.tracks]
    rows = Rows(canvas, [*texts, *track_texts])
    scale = _scale(table, rows)
    shades_weeks = scale.density >= _SHADED_FROM
    legend(canvas, list(_keys(canvas, table, scale, shades_weeks)))
    if table.today is not None:
        _today_label(canvas, table, scale)
    ticks = course_ticks(table, scale, canvas)
    if rows.stacked and table.anchor is None:
        canvas.paragraph("Study day", SMALL, x=MARGIN, limit=width, color=theme.quiet)
    elif table.anchor is None:
        base = canvas.y + 0.8 * line_height(SMALL)
        canvas.write(MARGIN + 5, base, "Study day", SMALL, color=theme.quiet)
    axis_labels(canvas, ticks)
    top = canvas.y
    epoch = None
    apart: list[tuple[tuple[float, float], tuple[Closed, ...]]] = []
    for row, text in zip(ordered, texts, strict=True):
        color = colors[row.epoch] if row.is_planned else ""
        if row.epoch != epoch:
            epoch = row.epoch
            rows.heading(row.epoch, color)
        begin = canvas.y
        middle = rows.row(text)
        _draw_row(canvas, scale, row, middle, color or GREY)
        if row.closed is not None:
            apart.append((rows.lanes[-1] if rows.stacked else (begin, canvas.y), row.closed))
        if color:
            bar = Box(MARGIN, begin + 1, 2.5, canvas.y - begin - 2, edge(color, theme))
            canvas.add("grid", bar)
        rows.rule()
    if table.tracks:
        rows.heading("Parallel to the visits")
        for track, text in zip(table.tracks, track_texts, strict=True):
            _draw_track(canvas, scale, track, rows.row(text))
            rows.rule()
    bottom = canvas.y
    spans = rows.upright(top, bottom)
    axis_lines(canvas, ticks, spans)
    for span in _without(spans, [lane for lane, _ in apart]):
        _shade(canvas, table.closed, scale, span, weeks=shades_weeks)
    for lane, closed in apart:
        _shade(canvas, closed, scale, lane, weeks=shades_weeks)
    gap_strips(canvas, scale, spans)
    if table.today is not None:
        x = scale.x(table.today)
        for begin, end in spans:
            path = f"M0,0V{round(end - begin, 2)}"
            canvas.add("line", Stroke(x, begin, path, theme.ink, 1.2, (5, 3)))
    if len(table.rows) > _MANY:
        canvas.y += 3
        axis_labels(canvas, ticks)
    notes(canvas, table.notes)
    picture = canvas.picture(
        f"{table.title}: course", description(table), course_data(table), margin=10
    )
    return picture._replace(trouble=_trouble(table))


def _trouble(table: CourseTable) -> str:
    if not table.consistent:
        return CONTRADICTION
    return (
        ("no plan keeps all windows; this one has the smallest total deviation")
        if table.forced
        else ""
    )


def description(table: CourseTable) -> str:
    """The course in sentences, for those who do not see the picture."""
    visits = [row for row in table.rows if row.status != "unscheduled"]
    lying = [row for row in visits if row.day is not None]
    text = f"The course of {table.title}: {len(visits)} visits"
    if lying:
        days = [row.day for row in lying if row.day is not None]
        text += f" from {table.day_text(min(days))} to {table.day_text(max(days))}"
    text += "."
    dosing = [row for row in visits if row.kind == "dosing"]
    if dosing:
        text += " Dosing sessions: " + "; ".join(f"{row.title}, {row.when}" for row in dosing) + "."
    for word in ("missed", "overdue", "cancelled"):
        titles = [row.title for row in visits if row.status == word]
        if titles:
            text += f" {word.capitalize()}: {', '.join(titles)}."
    undated = [f"{row.title}, {'; '.join(row.remarks)}" for row in visits if row.when == "no date"]
    if undated:
        text += f" Without a date: {', '.join(undated)}."
    outside = [row.title for row in visits if row.outside]
    if outside:
        text += f" Outside its window: {', '.join(outside)}."
    return text


def course_data(table: CourseTable) -> Iterable[tuple[str, ...]]:
    """The course as rows of text, the header first."""
    names = list(dict.fromkeys(name for row in table.rows for name, _ in row.facts))
    yield ("Visit", "Epoch", *names, "Remarks")
    for row in table.rows:
        facts = dict(row.facts)
        cells = (facts.get(name, "") for name in names)
        yield (row.title, row.epoch, *cells, "; ".join(row.remarks))


def course_ticks(table: CourseTable, scale: Scale, canvas: Canvas) -> list[Tick]:
    """The ticks of the axis: dates, or study days counted in weeks from the anchor."""
    bounds = (MARGIN, canvas.width - MARGIN)
    days = [row.day for row in table.rows if row.day is not None]
    ends = (min(days), max(days)) if days else ()
    if table.anchor is not None:
        return date_ticks(scale, table.anchor, SMALL, bounds=bounds, ends=ends)
    return ticks(
        scale,
        DAY_STEPS,
        lambda day: str(study_day(day, day_zero=table.day_zero)),
        SMALL,
        bounds=bounds,
        landmarks=[row.target for row in table.rows if row.target is not None],
        ends=ends,
        offset=0.5,
    )


def _row_texts(table: CourseTable, rows: Iterable[CourseRow]) -> Iterable[RowText]:
    """The texts of the rows, one below the other; a year stands where it changes."""
    year = None
    for row in rows:
        remarks = f" ({', '.join(row.remarks)})" if row.remarks else ""
        words, alarm = status_words(row)
        when = row.when
        if table.anchor is not None and row.day is not None:
            day = table.anchor + timedelta(row.day)
            when = long_date(day) if day.year != year else f"{day:%a} {day.day} {day:%b}"
            year = day.year
        elif not row.window_stated and row.target is not None:
            # The mark of the target says so.
            when = when.replace(f" ({NOT_PUBLISHED})", "").replace(f"; {NOT_PUBLISHED}", "")
        right = (when, words) if words else (when,)
        yield RowText(
            row.title + remarks, right, row.kind == "dosing", alarm, tip(row.title, *row.facts)
        )


def status_words(row: CourseRow) -> tuple[str, str]:
    """What is said of a row's status, and what is said because it needs attention."""
    alarms = [row.status] if row.status in ("missed", "overdue") else []
    alarms += ["out of window"] if row.outside else []
    quiet = "" if row.status in ("planned", *alarms) else STATUS_WORDS.get(row.status, "")
    return quiet, ", ".join(alarms)


def _scale(table: CourseTable, rows: Rows) -> Scale:
    points: list[float] = []
    for row in table.rows:
        for day in (*row.written, *row.effective, row.target, row.day, row.planned, row.booked):
            if day is not None:
                points += (day, day + 1)
    for track in table.tracks:
        points += (track.first, track.last + 1)
    if table.today is not None:
        points.append(table.today)
    return make_scale(points or [0, 1], rows.left, rows.right, least=42, margin=2)


def _draw_row(canvas: Canvas, scale: Scale, row: CourseRow, middle: float, color: str) -> None:
    hover = tip(row.title, *row.facts)
    marks = [scale.x(day + 0.5) for day in (row.target, row.planned) if day is not None]
    reach = (min(marks), max(marks)) if marks else None
    reach = box(canvas, scale, row.written, middle, color, hover, reach=reach)
    whiskers(canvas, scale, row.effective, middle, color, hover, reach=reach)
    if row.target is not None:
        x = scale.x(row.target + 0.5)
        target_mark(canvas, x, middle, hover, window_stated=row.window_stated)
    if row.booked is not None:
        status_mark(canvas, scale.x(row.booked + 0.5), middle, "moved", hover)
    if row.planned is not None:
        mark_status(canvas, scale.x(row.planned + 0.5), middle, row.status, row.outside, hover)


def _draw_track(canvas: Canvas, scale: Scale, track: CourseTrack, middle: float) -> None:
    left, right = scale.x(track.first), scale.x(track.last + 1)
    hover = tip(track.title, ("How often", track.how))
    path = f"M0,0H{round(right - left, 2)}"
    canvas.add("line", Stroke(left, middle, path, canvas.theme.quiet, 4, (2, 3), hover))


def _today_label(canvas: Canvas, table: CourseTable, scale: Scale) -> None:
    assert table.today is not None
    text = f"today, {table.day_text(table.today)}"
    half = metrics.width(text, TEXT, bold=True) / 2
    x = min(max(scale.x(table.today), MARGIN + half), canvas.width - MARGIN - half)
    step = line_height(TEXT)
    canvas.write(x, canvas.y + 0.8 * step, text, TEXT, bold=True, align="center")
    canvas.y += step + 2


def _shade(
    canvas: Canvas,
    stretches: Iterable[Closed],
    scale: Scale,
    span: tuple[float, float],
    *,
    weeks: bool,
) -> None:
    top, bottom = span
    for closed in stretches:
        if closed.weekly and not weeks:
            continue
        left, right = scale.x(closed.first), scale.x(closed.last + 1)
        hover = tip("Closed", ("Why", closed.reason))
        color = weekly_shade(canvas.theme) if closed.weekly else canvas.theme.shade
        shade = Box(left, top, max(right - left, 1.0), bottom - top, color, tip=hover)
        canvas.add("back", shade)


def _without(
    spans: Iterable[tuple[float, float]], lanes: Iterable[tuple[float, float]]
) -> list[tuple[float, float]]:
    """What is left of stretches from top to bottom without some lanes, which follow each other."""
    left = list(spans)
    for begin, end in lanes:
        left = [
            piece
            for top, bottom in left
            for piece in ((top, min(bottom, begin)), (max(top, end), bottom))
            if piece[0] < piece[1]
        ]
    return left


def weekly_shade(theme: Theme) -> str:
    """A lighter shade than that of other closed days, for those that come back every week."""
    return mix(theme.shade, theme.paper, 0.5)


def _keys(
    canvas: Canvas, table: CourseTable, scale: Scale, shades_weeks: bool
) -> Iterable[LegendEntry]:
    """What the marks mean; only those that occur."""
    theme = canvas.theme
    rows = table.rows

    def window(x: float, y: float) -> None:
        band(canvas, x + 1, x + 21, y, GREY)

    def room(x: float, y: float) -> None:
        canvas.add("line", Stroke(x + 1, y, "M0,0H20M0,-5V5M20,-5V5", theme.ink, 1.5))

    def closed(x: float, y: float) -> None:
        canvas.add("band", Box(x, y - 7, 22, 14, theme.shade))

    def weekly(x: float, y: float) -> None:
        canvas.add("band", Box(x, y - 7, 22, 14, weekly_shade(theme)))

    if any(row.written != (None, None) for row in rows):
        counted = "its reference visit" if table.anchor is None else "the reference date"
        is_open = any((row.written.first is None) != (row.written.last is None) for row in rows)
        more = "; open where a side is missing" if is_open else ""
        yield LegendEntry(f"visit window, from {counted}{more}", window)
    if table.consistent and any(row.effective != (None, None) for row in rows):
        yield LegendEntry("effective window: the part that all rules together leave", room)
    targets = {row.window_stated for row in rows if row.target is not None}
    if True in targets:
        yield LegendEntry("target", lambda x, y: target_mark(canvas, x + 11, y, ()))
    if False in targets:

        def alone(x: float, y: float) -> None:
            target_mark(canvas, x + 11, y, (), window_stated=False)

        yield LegendEntry(f"target, {NOT_PUBLISHED}", alone)

    def sign(status: str) -> Draw:
        return lambda x, y: status_mark(canvas, x + 11, y, status, ())

    for status, words in STATUS_WORDS.items():
        if any(row.status == status for row in rows):
            yield LegendEntry(words, sign(status))
    if any(row.booked is not None for row in rows):
        yield LegendEntry("booked, moved", lambda x, y: status_mark(canvas, x + 11, y, "moved", ()))
    if any(row.outside for row in rows):
        yield LegendEntry(
            "out of window",
            lambda x, y: mark_status(canvas, x + 11, y, "planned", True, ()),
        )
    if any(not closed.weekly for closed in table.closed):
        yield LegendEntry("holiday or closure", closed)
    if shades_weeks and any(closed.weekly for closed in table.closed):
        yield LegendEntry("closed every week", weekly)
    if len(scale.pieces) > 1:
        yield gap_key(canvas)

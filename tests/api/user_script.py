"""A script as a user writes one: every public name, so that type checkers see each of them used.

It is never run whole: files that it names are the user's own.
"""

import datetime
import json
import pathlib
import secrets
from collections.abc import Iterable

import planner


def late_visits(timeline: planner.Timeline) -> list[planner.DatedVisit]:
    """The visits that lie outside their windows or whose last day has passed."""
    return [one for one in timeline.visits if one.status == "overdue" or one.deviation is not None]


def phone_calls(timelines: Iterable[planner.Timeline]) -> dict[str, datetime.datetime]:
    """When each call is."""
    return {
        visit.id: visit.start
        for timeline in timelines
        for visit in timeline.visits
        if visit.mode == "phone" and visit.kind == "contact"
    }


def longest(window: planner.Window) -> str:
    """How long after its reference a visit may be."""
    return "open" if window.latest is None else str(window.latest)


def allowed(window: planner.DateWindow) -> datetime.timedelta | None:
    """How many days there are between the ends of a window."""
    if window.earliest is None or window.latest is None:
        return None
    return window.latest - window.earliest


def places(findings: planner.Findings) -> list[tuple[int, int, str]]:
    """Where findings stand."""
    worst: list[planner.Finding] = [one for one in findings if one.severity == "error"]
    return [(one.line, one.column, one.message) for one in worst]


def plan_all(
    protocol: planner.ProtocolFile | planner.Protocol, site: planner.Site, folder: pathlib.Path
) -> list[planner.Timeline]:
    """Plans of a cohort; says whom no dates fit."""
    plans = []
    for number in range(1, 21):
        start = datetime.date(2027, 1, 11) + datetime.timedelta(weeks=number)
        try:
            plans.append(planner.plan(protocol, start, site=site, participant=f"P{number:04}"))
        except planner.NothingFits as error:
            print(number, error)
    key = secrets.token_bytes(32)
    with open(folder / "cohort.ics", "wb") as file:
        planner.export(plans, file, planner.CalendarOptions(key=key, windows=False))
    return plans


def keep_up_to_date(protocol: planner.ProtocolFile, folder: pathlib.Path) -> None:
    """Calendars of participants under way, which update those of the day before."""
    updated = planner.update_calendar(
        protocol,
        folder / "all.ics",
        actuals=folder / "records",
        today=datetime.date(2027, 2, 3),
        options=planner.CalendarOptions(windows=False, name="Visits"),
        messages=folder / "messages",
        attendee="mailto:visits@study.invalid",
    )
    if updated.changes is not None:
        print(updated.changes.new, updated.changes.changed, updated.changes.cancelled)
    print(*updated.sentences(), *updated.undated, *updated.unplaced.values(), sep="\n")
    planner.update_calendar("mapp1", folder / "roles", "2027-01-11", split="role")


def others(
    file: planner.ProtocolFile, site: planner.Site, record: planner.Record, folder: pathlib.Path
) -> None:
    """What is asked of many participants, versions, trials and calendars."""
    planner.write(planner.replan(file, record, "2027-02-03", site=site), folder / "P0001.csv")
    days = planner.anchors(file, "2027-01-01", "2027-03-31", site=site).days
    print([day.date for day in days if day.fits], planner.read_timing("15±3", "study day"))
    report = planner.deviations(file, [folder / "records", record], site=site)
    late, dataset = report.deviations, planner.deviation_dataset(report, file)
    (folder / "dv.json").write_text(dataset.json, encoding="utf-8")
    soon = planner.due([record], "2027-02-01", datetime.date(2027, 2, 7), protocols=[file])
    busy = planner.week([record], "2027-02-01", protocols=[file], site=site)
    print([clash.name for clash in busy.clashes])
    print(len(late), len(soon.visits), planner.diff("old.yaml", file).changes_schedule)
    noon = datetime.datetime(2027, 2, 1, 12, tzinfo=datetime.UTC)
    person = planner.ParticipantVisits("P0001", "1", {"dosing-1": (noon, noon)})
    print([wait.short for wait in planner.between_participants(file, [person]).waits])
    amendment = planner.amend("old.yaml", file, folder, start="2027-03-01")
    amended = planner.amended_records(amendment, csv_to_yaml=True)
    planner.write_amended(amended)
    print(planner.render(amendment, "csv"), [record.new for record in amended.records])
    planner.write(planner.replay(file, "sv.json", dm="dm.json"), folder / "replay.xlsx")
    subjects = planner.read_subjects(folder / "sv.xpt", protocol=file, dm=folder / "dm.xpt")
    planner.write_subject_records(subjects, folder / "records", "csv", replace=True)
    print(len(subjects), subjects.tally.sentences())
    planner.write(planner.compare(planner.library_ids("mdma")), folder / "trials.md")
    planner.write(planner.claims(substance="mdma"), folder / "claims.json")
    planner.write(planner.trial_design(file, "2027-01-11"), folder / "sdtm")
    study = planner.import_usdm("study.json", targets="preferred")
    planner.write(study, folder / f"{study.protocol.id}.yaml")
    print([remark.message for remark in study.remarks if remark.kind == "left-out"])
    print(planner.render(planner.import_odm(folder / "study.xml", timings="relative"), "text"))
    listed = planner.import_table(folder / "visits.csv", columns={"day": "Day"}, day_zero=True)
    print(listed.protocol.anchor, listed.lost.unplanned)
    print(planner.check_calendar(folder / "cohort.ics", "published").report.findings)
    planner.write(planner.diff_calendars("a.ics", "b.ics"), folder / "changes.html")


def place_many(file: planner.ProtocolFile, site: planner.Site) -> None:
    """Participants one after another, each on the days that the others leave of a room."""
    rooms = planner.DaySet(datetime.date(2027, 1, 1) + datetime.timedelta(n) for n in range(90))
    placer: planner.Placer = planner.placer(file, site=site)
    demands: list[planner.VisitDemand] = [visit for visit in placer.visits if visit.nights]
    placed: planner.PlacedCourse | None = placer.place(
        datetime.date(2027, 1, 11), {demands[0].visit: rooms} if demands else {}, slack=3
    )
    if placed is not None:
        rooms.discard(min(placed.starts.values()).date())
    print(len(rooms))


def forms(file: planner.ProtocolFile, folder: pathlib.Path) -> None:
    """What journals and committees ask for."""
    figure: planner.Grid = planner.spirit_figure(file)
    totals: planner.Grid = planner.procedure_totals(file)
    planner.write(figure, folder / "spirit.html")
    print(len(totals.lines), planner.render(planner.procedures(file), "csv"))
    planner.write(planner.m11_summary(file), folder / "m11.html")


def keep_in_a_store(folder: pathlib.Path) -> None:
    """Records in a database where every change stays."""
    with planner.make_store(folder / "study.db") as store:
        taken, same = planner.store_records(store, folder / "P0001.csv", who="anna")
        print(taken, same, planner.write_stored_records(store, folder / "stored"))
        seal: str = planner.seal_store(store)
    with planner.open_store(folder / "study.db") as store:
        changes: planner.Grid = planner.history(store, "P0001")
        print(len(changes.lines), len(planner.free_texts(store, "P0001").lines))
        for number in range(1, len(planner.free_texts(store, "P0001").lines) + 1):
            planner.redact(store, "P0001", [number], who="anna", reason="told too much")
        print(planner.verify_store(store, seal).problems)


def record_a_day(file: planner.ProtocolFile, site: pathlib.Path) -> None:
    """What became of visits, written once it has been looked at."""
    person = planner.NewParticipant("P0003", None, datetime.date(2027, 3, 1))
    planner.write_change(
        planner.enrol("study.db", [person], today="2027-02-01", protocols=[file]), who="anna"
    )
    change = planner.record_visit(
        "study.db", "P0001", "dosing-1", "occurred", on="2027-02-01", today="2027-02-01",
        protocols=[file], site=site,
    )  # fmt: skip
    if change.answer.kept:
        print(planner.write_change(change, who="anna").written)
    record = planner.Record(participant="P0004", start=datetime.date(2027, 3, 8))
    moved = planner.whatif(file, record, cancel=["call-1"], reason="away")
    print(planner.apply_answer("P0004.yaml", record, moved, reason="away").answer)
    left = planner.withdraw(
        "study.db", "P0002", on="2027-02-01", reason="moved away", today="2027-02-02"
    )
    print(planner.render(left.answer, "table"))


def one_sheet(folder: pathlib.Path) -> None:
    """Everybody's visits out of a store and into a folder."""
    planner.new_sheet(folder / "empty.csv")
    print(planner.write_sheet(folder / "study.db", folder / "everybody.xlsx", replace=True))
    taken, same = planner.read_sheet_into(
        folder / "copies", folder / "everybody.xlsx", who="anna", today="2027-02-01"
    )
    print(taken, same)


def main(folder: pathlib.Path) -> None:
    """Everything else."""
    print(planner.__version__, planner.versions()["tzdata"] or "the system's")
    if not (folder / "protocol.yaml").exists():
        (folder / "protocol.yaml").write_text(planner.new_protocol("my-study"), encoding="utf-8")
        (folder / "schema.json").write_text(json.dumps(planner.schema()), encoding="utf-8")
    file: planner.ProtocolFile = planner.load(folder / "protocol.yaml")
    print(places(planner.check(file, select=["time"], ignore=["irregular-cadence"])))
    report = planner.check_file(folder / "protocol.yaml", ignore=["irregular-cadence"])
    checks = {one.id for one in planner.list_checks("time")} - {one.rule for one in report.findings}
    print(report.fatal, [planner.find_check(one).title for one in checks])
    if planner.obstacles(file).misleading:
        raise planner.PlannerError("the protocol has errors that make dates wrong")
    site = folder / "site.yaml"
    try:
        timeline = planner.plan(
            "mapp1",
            "2027-01-11",
            site=site,
            with_visits=["rescreening"],
            at={"dosing-1": "2027-02-01"},
        )
    except planner.Contradiction as error:
        print(error)
        return
    rows: list[dict[str, object]] = timeline.to_records()
    visit: planner.DatedVisit = timeline.visit("dosing-1")
    print(len(rows), timeline.to_dict()["visits"], allowed(visit.window), late_visits(timeline))
    record = planner.Record(participant="P0001", start=datetime.date(2027, 1, 11))
    under_way = planner.plan(file.protocol, actuals=record, today=datetime.date(2027, 2, 3))
    print(phone_calls([timeline, under_way]))
    change = planner.whatif(
        file, folder / "P0001.csv", move={"dosing-1": "2027-02-02T09:00"}, miss=["call-1"]
    )
    print(change.kept, [one.id for one in change.changes])
    grids: list[planner.Grid] = [
        planner.activities(file),
        planner.spirit_figure(file),
        planner.procedure_totals(file),
        planner.run_sheet(file, "dosing-1", start="08:30"),
        planner.run_sheet(file, "dosing-1", day=datetime.date(2027, 2, 1), site=site),
    ]
    print([len(grid.lines) for grid in grids], planner.burden(file), planner.evidence(file))
    print(planner.render(planner.m11_summary(file)), planner.procedures(file)[0].minutes)
    picture = planner.chart(file, "network", output_format="png", width=840)
    planner.write(picture, folder / "network.png")
    both: bytes = planner.chart_comparison([file, "comp001"], theme="dark", anyway=True)
    print(picture.trouble, len(both))
    keep_up_to_date(file, folder)
    others(file, planner.load_site(site), planner.load_record(folder / "P0001.csv"), folder)
    coming = planner.remind([record], "2027-02-03", "2027-02-09", protocols=[file], site=site)
    planner.write_message_files(coming, folder / "messages")
    print(planner.render(coming, "text"), coming.without)
    for language in planner.handout_languages():
        page = planner.handout(file, "2027-01-11", "P0001", site=site, language=language)
        planner.write(page, folder / f"P0001-{language}.pdf")
        print(page.timeline.participant, page.unrecorded, [word for _, word in page.withheld])
    ahead: str = planner.handout(file, site=site, actuals=record, today="2027-02-03")
    dated = planner.report(file, start="2027-01-11", site=site)
    (folder / "page.html").write_text(ahead + dated, encoding="utf-8")
    print(dated.no_plan or "it fits")
    keep_in_a_store(folder)
    place_many(file, planner.load_site(site))
    forms(file, folder)
    record_a_day(file, site)
    one_sheet(folder)


if __name__ == "__main__":
    main(pathlib.Path.cwd())

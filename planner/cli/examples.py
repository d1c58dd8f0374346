"""Examples for the help pages; the files that they name are in the folder `examples`."""

TO_BEGIN_WITH = """
planner list
planner timeline mapp1 --start 2027-01-11
planner new my-study
"""

EXAMPLES = """
planner new my-study
planner new my-study -o drafts.yaml
planner new after-mapp1 --from mapp1
planner new my-clinic --site
planner new P0001 --record
planner new --config -o defaults.toml
planner new --records visits.xlsx
planner validate mapp1
planner validate examples/two-sessions.yaml --ignore evidence
planner validate mapp1 --profile m11
planner validate examples/collision.yaml --format sarif -o findings.sarif
planner rules
planner rules --family blinding
planner explain infeasible
planner explain --glossary
planner explain --glossary -o glossary.html
planner schema -o protocol.schema.json
planner schema --kind site -o site.schema.json
planner config
planner config --format json
planner diff examples/two-sessions.yaml examples/two-sessions-amended.yaml
planner diff examples/two-sessions.yaml examples/two-sessions-amended.yaml -o changes.md
planner timeline mapp1 --start 2027-01-11
planner timeline mapp1 --start 2027-01-11 -o p0001.csv
planner timeline mapp1 --start 2027-01-11 --at dosing-2=2027-03-01
planner timeline mapp1 --records examples/records/P0001.csv --today 2027-02-02
planner anchors mapp1 --from 2027-01-01 --to 2027-01-31 --site examples/site-everyday.yaml
planner due --records examples/records --protocol mapp1
planner due --records examples/records --protocol mapp1 --today 2027-02-02 --to 2027-02-28
planner due --records examples/records --protocol mapp1 --today 2027-02-02 --away 2027-02-03..2027-02-05
planner week --records examples/records --protocol mapp1 --site examples/site-everyday.yaml --today 2027-02-02
planner week --records examples/records --protocol mapp1 --site examples/site-everyday.yaml --from 2027-02-08 --today 2027-02-02 -o week.html
planner whatif mapp1 --start 2027-01-11 --move dosing-2=2027-03-08
planner whatif mapp1 --records examples/records/P0002.yaml --today 2027-02-01 --miss integration-c-1
planner deviations mapp1 --records examples/records
planner deviations mapp1 --records examples/records --format dv -o dv.csv
planner amend examples/two-sessions.yaml examples/two-sessions-amended.yaml --records examples/two-sessions-records --today 2027-03-01
planner handout mapp1 --start 2027-01-11 --participant P0001 --site examples/site-everyday.yaml -o sheet.html
planner handout mapp1 --start 2027-01-11 --participant P0001 --site examples/site-everyday.yaml --language de -o sheet-de.html
planner remind --records examples/records --protocol mapp1 --site examples/site-everyday.yaml --today 2027-02-02 --to 2027-02-05 --planned
planner remind --records examples/records --protocol mapp1 --site examples/site-everyday.yaml --today 2027-02-02 --to 2027-02-03 --language de --format eml -o reminders
planner store init study.db
planner store import study.db examples/records --who anna
planner store history study.db --participant P0001
planner store verify study.db
planner store seal study.db -o seal.txt
planner store texts study.db P0001
planner store redact study.db P0001 2 --who anna --reason "told too much"
planner store export study.db -o exported-records
planner store export study.db -o everybody.csv
planner store import study.db everybody.csv --who anna
planner enrol P0003 --protocol mapp1 --start 2027-03-01 --records study.db --who anna --yes
planner enrol --list examples/people.csv --site examples/site-everyday.yaml --records study.db --who anna --yes
planner record P0002 dosing-1 occurred --records study.db --today 2027-02-04 --who anna --yes
planner record P0002 integration-a-1 booked --on 2027-02-05T10:00 --records study.db --today 2027-02-04 --who anna --yes
planner withdraw P0002 --on 2027-03-01 --reason "moved away" --records study.db --today 2027-03-01 --who anna --yes
planner export mapp1 --start 2027-01-11 -o p0001.ics
planner export mapp1 --participants examples/cohort.csv --site examples/site-everyday.yaml -o everybody.ics
planner export mapp1 --format usdm -o study.json
planner ical check p0001.ics --profile published
planner ical diff p0001.ics moved.ics
planner ical rules
planner soa mapp1
planner soa mapp1 -o activities.html
planner soa mapp1 --spirit
planner soa mapp1 --spirit -o timeline-figure.docx
planner soa mapp1 --spirit -o timeline-figure.svg
planner soa mapp1 --m11 -o summary.docx
planner runsheet mapp1 dosing
planner runsheet mapp1 dosing-2 --date 2027-03-27 --site examples/site-everyday.yaml
planner burden mapp1
planner burden mapp1 --soecat -o procedures.csv
planner burden mapp1 --iras
planner chart mapp1 -o course.svg
planner chart mapp1 --kind schema -o schema.svg
planner chart compare mapp1 comp001 -o compared.html
planner report mapp1 -o report.html
planner report mapp1 --start 2027-01-11 --site examples/site-everyday.yaml -o report-dated.html
planner import usdm study.json -o again.yaml
planner import odm examples/two-visits.xml --targets ceiling -o visits.yaml
planner import table examples/visits.csv -o listed.yaml
planner import timings --text "within 28±2 days after last treatment"
planner import timings --text "15±3" --context "study day" --format json
planner import sv examples/sv.json --dm examples/dm.json --protocol examples/lzzt.yaml -o records
planner replay examples/lzzt.yaml examples/sv.json --dm examples/dm.json
planner list
planner list --substance psilocybin
planner show mapp1
planner sources mapp1
planner sources mapp1 --format bibtex -o mapp1.bib
planner evidence
planner evidence mapp1 comp001
planner compare mapp1 comp001
planner compare --all --format csv -o trials.csv
planner claims
planner claims 31
"""  # noqa: E501
"""Commands, one a line; the page of a command shows those that begin with its name."""


def examples_of(path: str) -> list[str]:
    """The examples of a command or of a group; ``path`` is its name, such as `ical check`."""
    lines = (EXAMPLES if path else TO_BEGIN_WITH).strip().splitlines()
    begins = f"planner {path} " if path else "planner "
    return [line for line in lines if f"{line} ".startswith(begins)]

"""The starter file of a study's defaults, whose comments explain every entry."""

TEXT = """\
#:schema planner.schema.json
# A study's defaults: commands take from here what no option gives, in this folder and below it, and
# say so. `planner config` shows what holds and why. Take the sign # away where you need a line; all
# files are as seen from this folder. An editor completes and checks while you type once you have
# run: planner schema --kind config -o planner.schema.json

format = 1

# The protocol: a file, or the id of a library protocol (`planner list`).
# protocols = "my-study.yaml"

# Where visits take place; without a site every day is open, in UTC.
# site = "site.yaml"

# Folders of participants' records.
# records = "records"

# The language of participants' sheets, with a region for dates and times: en, de, es, fr, en-US.
# language = "en"

# How much calendar events say: busy ("Study visit"), coded ("P0001 V03"), staff or
# participant (plain words).
# level = "coded"

# Who you are in a store of records: your role, which selects what `planner store` shows
# (coordinator, rater, unblinded or monitor), and your code for the trail.
# role = "coordinator"
# who = "anna"

# Names of files: the calendar of `planner export`, its secret, the page of `planner report`.
[files]
# calendar = "visits.ics"
# key = "secret.key"
# report = "report.html"
"""

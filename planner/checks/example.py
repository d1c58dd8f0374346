"""The small protocol over which the examples of the checks' pages are laid, key by key."""

BASE = """\
format: 1
id: example
title: An example
version: "1"
status: illustrative
design: open-label
anchor: baseline
sources:
  assumption: {kind: general-knowledge, read: not-read}
source: assumption
grade: assumed
epochs:
  - id: screening
    visits:
      - {id: consent, duration: 1h, before: {visit: baseline, within: 1w..4w, target: 2w}}
      - {id: baseline, duration: 2h}
  - id: preparation
    visits:
      - {id: prep-1, duration: 90min, after: {visit: baseline, within: 1d..7d, target: 3d}}
  - id: treatment
    visits:
      - id: dosing
        duration: 8h
        at: "09:00"
        staff: {therapist: 2}
        after: {visit: prep-1, within: 2d..14d, target: 1w}
      - {id: integration, duration: 90min, after: {visit: dosing, within: 1d..3d, target: 1d}}
  - id: follow-up
    visits:
      - {id: endpoint, duration: 1h, after: {visit: dosing, within: 4w..6w, target: 5w}}
roles:
  therapist: {count: 2, continuity: participant}
"""

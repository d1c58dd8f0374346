"""The head of a small protocol file, for tests that write its visits."""

HEAD = """\
format: 1
id: small
title: Small
version: "1"
status: illustrative
design: [open-label, single-group]
anchor: start
sources: {d: {kind: general-knowledge, title: Made up, read: secondary}}
source: d
grade: assumed
"""

"""USDM, CDISC's model of studies, read as protocols of ours."""

from planner.formats.usdm.read.study import read_study as read_study

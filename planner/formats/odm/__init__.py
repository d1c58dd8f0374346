"""ODM v2, CDISC's format of study metadata, read as protocols of ours."""

from planner.formats.odm.reading import read_odm as read_odm

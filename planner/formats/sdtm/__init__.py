"""SDTM: what others recorded of subjects' visits, read into participants' records."""

from planner.formats.sdtm.subjects import Demographics as Demographics
from planner.formats.sdtm.subjects import ImportTally as ImportTally
from planner.formats.sdtm.subjects import SubjectRecord as SubjectRecord
from planner.formats.sdtm.subjects import SubjectVisits as SubjectVisits
from planner.formats.sdtm.subjects import read_demographics as read_demographics
from planner.formats.sdtm.subjects import with_one_date as with_one_date
from planner.formats.sdtm.visit_names import VisitNames as VisitNames
from planner.formats.sdtm.visit_names import read_visit_map as read_visit_map
from planner.formats.sdtm.visit_names import visit_names as visit_names

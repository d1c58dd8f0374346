"""Tables of visits that people bring, read as protocol files."""

from planner.formats.visit_tables.read_table import read_visit_table as read_visit_table

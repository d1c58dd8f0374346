"""How messages of the functions write what they are given; the command line has its own way."""

from planner.arguments import Spelling as Spelling
from planner.arguments import spelled as spelled

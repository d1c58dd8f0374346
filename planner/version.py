"""The version of the planner; below everything, so that who names it imports nothing else."""

__version__ = "0.1.0"

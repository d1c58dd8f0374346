"""What others published and the project does not hold: beside it, or where $PLANNER_SHARED says."""

import os
from pathlib import Path

SHARED = Path(os.environ.get("PLANNER_SHARED", Path(__file__).parents[2] / "shared"))
SAMPLES = SHARED / "samples"

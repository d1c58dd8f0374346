"""How much memory this process took at most."""

import resource
from pathlib import Path


def peak_megabytes() -> float:
    """Peak resident memory in megabytes.

    Linux counts into ``ru_maxrss`` what the process that started this one held, so its own account
    of the process as it is now is asked where there is one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().split("\n"):
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

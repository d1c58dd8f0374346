#!/usr/bin/env bash
# Makes an environment with Radicale (PyPI, GPL-3), the calendar server to which a year of updates is
# played, and prints its variable for the tests:
#     eval "$(tests/formats/ical/radicale.sh FOLDER)"
# Nothing of it becomes part of the project. Where it cannot be had, says why on standard error and
# prints nothing, so that the test skips.
set -euo pipefail
folder=${1:?names no folder for the environment}
lock=$(cd "$(dirname "$0")/../../.." && pwd)/.ci/radicale.txt

skip() {
    echo "Radicale is skipped: $*" >&2
    exit 0
}

if [ ! -x "$folder/bin/python" ]; then
    python3 -m venv "$folder" >&2 || skip "python3 makes no environment"
fi
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock" \
    >&2 || skip "pip does not get it"
echo "export PLANNER_RADICALE_PYTHON='$folder/bin/python'"

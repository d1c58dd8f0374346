#!/usr/bin/env bash
# Makes an environment with usdm4 (PyPI, GPL-3, Python 3.12), which judges exported studies, and
# prints its two variables for the tests:
#     eval "$(tests/formats/usdm/usdm4.sh FOLDER)"
# Nothing of it becomes part of the project. Where it cannot be had, says why on standard error and
# prints nothing, so that the tests skip.
set -euo pipefail
folder=${1:?names no folder for the environment}
lock=$(cd "$(dirname "$0")/../../.." && pwd)/.ci/usdm4.txt

skip() {
    echo "usdm4 is skipped: $*" >&2
    exit 0
}

# Where pyenv keeps a Python 3.12 that is not the chosen one, its python3.12 only says so.
if ! python3.12 -c "" 2>/dev/null && command -v pyenv >/dev/null; then
    PYENV_VERSION=$(pyenv versions --bare 2>/dev/null | grep '^3\.12\.' | tail -n 1 || true)
    export PYENV_VERSION
fi
python3.12 -c "" 2>/dev/null || skip "there is no python3.12"
if [ ! -x "$folder/bin/python" ]; then
    python3.12 -m venv "$folder" >&2 || skip "python3.12 makes no environment"
fi
"$folder/bin/python" -m pip install --quiet --quiet --disable-pip-version-check --require-hashes \
    -r "$lock" >&2 || skip "pip does not get it"
echo "export PLANNER_USDM4_PYTHON='$folder/bin/python'"
# The package brings the published schema of the USDM API with it.
schema=$("$folder/bin/python" - <<'PY'
import pathlib
import usdm4

found = sorted(pathlib.Path(usdm4.__file__).parent.glob("rules/library/schema/usdm_v4*.json"))
print(found[-1] if found else "")
PY
)
[ -z "$schema" ] || echo "export PLANNER_USDM_API='$schema'"

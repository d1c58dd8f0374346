#!/usr/bin/env bash
# Holds pages that the planner writes against the HTML standard (html-validate) and, where there is a
# Chromium, against accessibility rules (axe-core).
#   tests/views/pages/browser/check.sh PLANNER FOLDER
# PLANNER is the command to try, FOLDER takes the pages and the two programs. CHROMIUM names the
# browser if it is not found by itself.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../../.." && pwd)
planner=$1
folder=$2

if ! command -v npm >/dev/null; then
    echo "skipped: pages are checked by programs from npm, and there is none"
    exit 0
fi
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
pages=()
for language in en de es fr; do
    pages+=("$folder/sheet-$language.html")
    "$planner" handout mapp1 --start 2027-01-11 --site "$root/examples/site-berlin.yaml" \
        --participant P0001 --language "$language" -o "${pages[-1]}"
done
for protocol in mapp1 jhu-mdd psilodep-2; do
    pages+=("$folder/report-$protocol.html")
    "$planner" report "$protocol" -o "${pages[-1]}"
done
pages+=("$folder/report-collision.html" "$folder/report-dated.html")
"$planner" report "$root/examples/collision.yaml" -o "$folder/report-collision.html"
"$planner" report mplong --start 2027-01-11 -o "$folder/report-dated.html"

cp "$here"/package.json "$here"/package-lock.json "$here"/htmlvalidate.json "$here"/accessible.mjs \
    "$folder"
(cd "$folder" && npm ci --silent --no-audit --no-fund)
(cd "$folder" && node_modules/.bin/html-validate --config htmlvalidate.json "${pages[@]}")
echo "${#pages[@]} pages are valid HTML"

browser=${CHROMIUM:-}
for name in chromium chromium-browser google-chrome; do
    [ -n "$browser" ] || browser=$(command -v "$name" || true)
done
if [ -z "$browser" ]; then
    echo "skipped: no Chromium, so nobody asked axe-core (on Debian: apt install chromium)"
    exit 0
fi
(cd "$folder" && node accessible.mjs "$browser" "${pages[@]}")

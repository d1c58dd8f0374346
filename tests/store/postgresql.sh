#!/usr/bin/env bash
# Starts a PostgreSQL server on loopback for the tests of the store and prints its variable:
#     eval "$(tests/store/postgresql.sh start FOLDER)"
#     tests/store/postgresql.sh stop FOLDER
# The server is the system's own (Debian's package `postgresql`); its data lie in the folder and go
# with it. Where it cannot be had, says why on standard error and prints nothing, so that the tests
# skip.
set -euo pipefail
action=${1:?says neither start nor stop}
folder=${2:?names no folder for the data}

skip() {
    echo "PostgreSQL is skipped: $*" >&2
    exit 0
}

programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$programs" ] || programs=$(dirname "$(command -v initdb || true)" 2>/dev/null)
[ -x "$programs/initdb" ] && [ -x "$programs/pg_ctl" ] || skip "there is no initdb"

# The server refuses to run as root.
as_server=()
if [ "$(id -u)" = 0 ]; then
    id postgres >/dev/null 2>&1 || skip "there is no user postgres to run it"
    as_server=(setpriv --reuid postgres --regid "$(id -g postgres)" --clear-groups)
fi
run() { (cd / && "${as_server[@]}" "$programs/$1" "${@:2}" >&2); }

if [ "$action" = stop ]; then
    [ ! -d "$folder/data" ] || run pg_ctl --pgdata "$folder/data" --mode immediate --wait stop || true
    exit 0
fi
mkdir -p "$folder"
# Who runs it has to reach the folder: in one of its own below /tmp it does.
[ "$(id -u)" != 0 ] || chown postgres "$folder"
run initdb --pgdata "$folder/data" --auth trust --username planner --encoding UTF8 --locale C \
    --no-sync || skip "initdb fails"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
run pg_ctl --pgdata "$folder/data" --wait --log "$folder/log" \
    --options "-h 127.0.0.1 -p $port -k $folder" start || skip "the server does not start"
echo "export PLANNER_POSTGRESQL='postgresql://planner@127.0.0.1:$port/postgres'"

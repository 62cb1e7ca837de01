#!/bin/sh
# Verifies the units with systemd: any output is a failure, because systemd only warns of an unknown key.
# Then checks how exposed the services are: more than 1.5 of 10 is a failure.
# Usage: verify.sh FOLDER, the folder of the linkwatch command.
set -eu
here=$(realpath "$(dirname "$0")")
units=$(mktemp -d)
trap 'rm -rf "$units"' EXIT
for unit in "$here"/*.service "$here"/*.timer; do
    sed "s|/opt/linkwatch/bin|$1|" "$unit" >"$units/$(basename "$unit")"
done

output=$(systemd-analyze verify "$units"/* 2>&1) || output="$output (exit code $?)"
if [ -n "$output" ]; then
    printf '%s\n' "$output" >&2
    exit 1
fi
systemd-sysusers --root="$units" --dry-run "$here/linkwatch.conf" >/dev/null 2>&1

for service in "$units"/*.service; do
    code=0
    systemd-analyze security --offline=true --threshold=15 --no-pager "$service" >"$units/exposure" || code=$?
    tail -n 1 "$units/exposure"
    [ "$code" -eq 0 ] || exit "$code"
done

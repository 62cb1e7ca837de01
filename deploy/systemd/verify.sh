#!/bin/sh
# What systemd itself finds in the units: any word of it is a failure, for an unknown key is a mere warning to it.
# Then how exposed the services are: more than 1.5 of 10 is a failure.
# Usage: verify.sh FOLDER, the one that holds the command.
set -eu
here=$(realpath "$(dirname "$0")")
units=$(mktemp -d)
trap 'rm -rf "$units"' EXIT
for unit in "$here"/*.service "$here"/*.timer; do
    sed "s|/opt/linkwatch/bin|$1|" "$unit" >"$units/$(basename "$unit")"
done

said=$(systemd-analyze verify "$units"/* 2>&1) || said="$said (exit code $?)"
if [ -n "$said" ]; then
    printf '%s\n' "$said" >&2
    exit 1
fi
systemd-sysusers --root="$units" --dry-run "$here/linkwatch.conf" >/dev/null 2>&1

for service in "$units"/*.service; do
    code=0
    systemd-analyze security --offline=true --threshold=15 --no-pager "$service" >"$units/said" || code=$?
    tail -n 1 "$units/said"
    [ "$code" -eq 0 ] || exit "$code"
done

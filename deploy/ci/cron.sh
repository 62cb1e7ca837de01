#!/bin/sh
# For cron, which mails the output: there is none unless there is a new finding or the check failed or is incomplete.
# The arguments are those of `linkwatch check`. The key is read from a file that only you can read: YOUTUBE_API_KEY=…
#
# 17 6 * * *  cd "$HOME/lists" && "$HOME/bin/cron.sh" README.md
set -u
keys="${LINKWATCH_ENV:-$HOME/.config/linkwatch.env}"
if [ -r "$keys" ]; then
    set -a
    # shellcheck disable=SC1090
    . "$keys"
    set +a
fi
PATH="$HOME/.local/bin:$PATH"
report=$(linkwatch check --quiet --new-only --fail-on warning "$@" 2>&1)
code=$?
[ "$code" -eq 0 ] || printf '%s\n' "$report"
exit "$code"

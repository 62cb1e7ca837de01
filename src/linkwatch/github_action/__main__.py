"""`python -m linkwatch.github_action [restore]`, as `action.yml` runs it."""

import os
import sys
import traceback

from linkwatch.github_action.artifact import restore
from linkwatch.github_action.job import run
from linkwatch.masking import MaskedStream, hide_environment

BUG = 4
"""Python's own exit code, 1, would mean that links are broken."""


def main() -> int:
    """Run the step; a bug of ours has its own exit code."""
    hide_environment(os.environ)
    sys.stderr = MaskedStream(sys.stderr)
    try:
        return restore(os.environ) if sys.argv[1:] == ["restore"] else run(os.environ)
    except Exception:
        traceback.print_exc()
        return BUG


if __name__ == "__main__":
    sys.exit(main())

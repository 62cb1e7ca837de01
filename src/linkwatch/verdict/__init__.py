"""Stage 5, JUDGE: what was known and what the witnesses say → what is known now, and what happened. Pure."""

"""Stage 3, CHOOSE: which calls of at most 50 ids, in which order, and what they cost in quota. Pure."""

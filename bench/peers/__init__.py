"""linkwatch and other link checkers, on the same list and the same simulated YouTube: `make bench-peers`."""

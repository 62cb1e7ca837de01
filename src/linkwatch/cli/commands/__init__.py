"""One module a command; each has a click command named `command`. What loads slowly is imported when it runs."""

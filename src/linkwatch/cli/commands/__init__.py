"""One module a command, each with a click command named `command`; heavy imports are made when it runs.

A command parses, calls one use case of `services/`, and prints.
"""

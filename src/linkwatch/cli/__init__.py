"""The command line: parses, calls, and turns errors into exit codes; what it calls decides nothing about exits."""

from linkwatch.cli.app import main

__all__ = ["main"]

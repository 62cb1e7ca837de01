"""An embed syntax: `[[video:ID|label]]` in any list, without a URL."""

import re

from linkwatch.plugin_api import Syntax

SYNTAX = Syntax(
    name="wiki-video",  # the name of the entry point
    needle="[[video:",  # in lower case; a text without it is not searched
    pattern=re.compile(r"\[\[video:(?P<video>[A-Za-z0-9_-]{11})(?:\|(?P<label>[^\]\n]*))?\]\]"),
)

"""Stage 2, UNDERSTAND: a URL → the resources it names; links → distinct resources and duplicates. Pure."""

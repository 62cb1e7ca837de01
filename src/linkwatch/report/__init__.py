"""Reports, as values and in every format. Pure: imports the models, not the store.

- `input`: what a report is made from; `build`: → the `Report` of `model`; `rules/`: what it finds
- `acknowledgements`: which findings are acknowledged, and which acknowledgements end; `merge`: reports of several lists
- `summary`: headline, groups and notes; `formats/`: a module for each format
- `charts`: the bars and charts of HTML pages; `trends`: states by day; `status`: a list for its readers
- `diff/`: what changed since a moment; `resource/`: the history of one resource
"""

"""The GitHub Action: runs `linkwatch check`, and turns its reports into outputs, a summary, an issue and a comment.

inputs → linkwatch check → reports → annotations, outputs, summary
                               ├ broken links → the rolling issue
                               └ a pull request's new links → its comment

job.py            one run of the step
inputs.py         the inputs of `action.yml`
runner.py         the GitHub runner: workflow commands, outputs, summary
base_settings.py  the settings of a pull request: those of its base
issue.py          opens, updates, closes and reopens the issue
issue_marker.py   the hidden first line of the issue, with the findings that it has reported
comment.py        writes and updates the comment on a pull request
artifact.py       the database from the artifact of an earlier run, where the cache has none
text.py           the text of the issue and of the comments
github.py         the REST calls about issues, comments and artifacts
"""

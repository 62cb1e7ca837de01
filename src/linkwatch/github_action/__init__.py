"""The GitHub Action: runs the command, and tells the runner and the rolling issue what came of it.

inputs → linkwatch check → its reports → annotations, outputs, summary
                                └ what is broken → the rolling issue
"""

"""The links of the lists → the distinct resources that they name. Pure.

`catalogue` builds the `Catalogue`; `ignore` has the patterns and comments that leave links out.
"""

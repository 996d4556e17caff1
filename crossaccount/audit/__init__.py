"""The auditor's view: every delegation that stacks hold, since when, through what, and what is wrong with it.

`crossaccount.audit.model` is the report as values; the other modules make one, or print one.
"""

"""Roles made by hand come into a stack: found in the account, said by settings, taken over by an import.

What the settings cannot say is named and left out. Nothing here changes an account.
"""

"""Permission sets: the requests that policies allow, as values with union, intersection and difference.

Exact: sets of requests over the wildcard languages of actions and resources and over the values of condition
keys, never samples. What cannot be computed is part of the value and shows in every comparison of it.

The universe is the requests that could be made: `crossaccount.policy.sets.universe` says which.
"""

from crossaccount.policy.sets.permission_set import (
    PermissionSet,
    permission_set,
    session_set,
    trust_set,
)
from crossaccount.policy.sets.witness import Witness

__all__ = [
    "PermissionSet",
    "Witness",
    "permission_set",
    "session_set",
    "trust_set",
]

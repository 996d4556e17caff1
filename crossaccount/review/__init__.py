"""What a change to the stacks changes for people: the permission diff, its reports, gates and approval.

`permission_diff` compares two access graphs. Nothing here reads files or calls anything, except
`crossaccount.review.revisions`, which previews two git revisions, and `crossaccount.review.posting`.
"""

from crossaccount.review.diff import permission_diff
from crossaccount.review.model import (
    Cause,
    Compared,
    DiffRow,
    Kind,
    NotRead,
    PermissionDiff,
    PrincipalVerdict,
)

__all__ = [
    "Cause",
    "Compared",
    "DiffRow",
    "Kind",
    "NotRead",
    "PermissionDiff",
    "PrincipalVerdict",
    "permission_diff",
]

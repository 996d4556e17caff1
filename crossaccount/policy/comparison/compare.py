"""Two permission sets in, what is gained and lost out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crossaccount.policy.comparison.report import Comparison
    from crossaccount.policy.sets import PermissionSet


def compare(before: PermissionSet, after: PermissionSet) -> Comparison:
    """What `after` allows that `before` does not, and the reverse.

    Sets of equal sources are the same without any computation. Every row's witness has been put to the
    evaluator, on both sides.

    Raises:
        RuntimeError: the evaluator does not confirm a witness: an error of this package.
    """
    raise NotImplementedError

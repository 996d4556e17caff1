"""What lets the partner's users assume roles. Source: facts 4.6, "FAQ about RAM roles and STS tokens"."""

from collections.abc import Sequence

from components.limits import within
from crossaccount.policy import SIZE_LIMITS, PolicyKind, canonical, parse

ASSUME_ROLE_ACCESS = "AliyunSTSAssumeRoleAccess"


def document(roles: Sequence[str]) -> str:
    """The canonical policy that allows assuming exactly the roles with these ARNs.

    Raises:
        ValueError: it is longer than the 6144 characters that RAM takes.
    """
    statement = {"Effect": "Allow", "Action": ["sts:AssumeRole"], "Resource": list(roles)}
    written = canonical(parse({"Version": "1", "Statement": [statement]}, PolicyKind.IDENTITY))
    return within(written, SIZE_LIMITS[PolicyKind.IDENTITY], "the grant's policy")

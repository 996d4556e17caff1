"""What lets the partner's users assume roles. Source: facts 4.6, "FAQ about RAM roles and STS tokens"."""

from collections.abc import Sequence

from components.limits import within
from components.names import role_arn
from crossaccount.policy import SIZE_LIMITS, PolicyKind, canonical, parse

ASSUME_ROLE_ACCESS = "AliyunSTSAssumeRoleAccess"
_REMEDY = "name fewer roles, or spread them over several grants"


def document(roles: Sequence[str]) -> str:
    """The canonical policy that allows assuming exactly the roles with these ARNs.

    Raises:
        ValueError: it is longer than the 6144 characters that RAM takes.
    """
    statement = {"Effect": "Allow", "Action": ["sts:AssumeRole"], "Resource": list(roles)}
    written = canonical(parse({"Version": "1", "Statement": [statement]}, PolicyKind.IDENTITY))
    return within(written, SIZE_LIMITS[PolicyKind.IDENTITY], "the grant's policy", _REMEDY)


def excess(roles: object) -> str:
    """What to say about a policy that is longer than RAM takes; empty for one that is not.

    Args:
        roles: what was written where a list of ARNs belongs; what is no ARN, or not yet known, is left out.
    """
    known = [arn for each in roles for arn in _known(each)] if isinstance(roles, list) else []
    try:
        if known:
            document(known)
    except ValueError as wrong:
        return str(wrong)
    return ""


def _known(written: object) -> list[str]:
    try:
        return [role_arn(written)]
    except ValueError:
        return []

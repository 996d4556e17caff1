"""What holds between a delegation and the account that owns it; both must be known for it."""

from components import permission_documents, trust_policy
from components.checked import Conflict, conflict
from components.declarations import Delegation, Permissions


def broken(account: str, role: str, delegation: Delegation) -> list[Conflict]:
    """The rules that a delegation breaks: a trust in the own account, documents over the size limit.

    Args:
        account: the id of the owner's account.
        role: the role's name.
        delegation: the delegation itself, already checked.
    """
    found: list[Conflict] = []
    if delegation.trust.account == account:
        found.append(conflict(f"`{account}` {trust_policy.OWN_ACCOUNT}", "trust", "account"))
    try:
        trust_policy.document(account, delegation.trust, suspended=delegation.suspended)
    except ValueError as wrong:
        if not found:
            found.append(conflict(str(wrong), "trust"))
    return found + [
        conflict(text, "permissions") for text in oversized(account, role, delegation.permissions)
    ]


def oversized(account: str, role: str, permissions: Permissions) -> list[str]:
    """What to say about each of the role's custom policies that is longer than RAM takes."""
    return [
        too_long
        for kind in permission_documents.kinds(permissions)
        if (too_long := permission_documents.excess(account, role, kind, permissions))
    ]

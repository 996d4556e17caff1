"""What holds between a delegation and the account that owns it; both must be known for it."""

from components import permission_documents, trust_policy
from components.checked import Conflict, conflict
from components.conflicts import SECRET
from components.declarations import Delegation, Permissions

UNKNOWN = "9" * 16
"""Stands for the owner's account id where it is wrong or not yet known."""


def broken(account: str, role: str, delegation: Delegation) -> list[Conflict]:
    """The rules that a delegation breaks: a trust in the own account, documents over the size limit.

    Args:
        account: the id of the owner's account.
        role: the role's name.
        delegation: the delegation itself, or what is right of it.
    """
    found: list[Conflict] = []
    trust = delegation.trust
    if trust.account == account:
        own = trust_policy.OWN_ACCOUNT
        found.append(conflict(f"`{account}` {own}", "trust", "account", hidden=f"{SECRET} {own}"))
    if trust.users or trust.roles:
        trust = trust.model_copy(update={"whole_account": False})
    if trust_policy.principals(trust):
        try:
            trust_policy.document("", trust, suspended=delegation.suspended)
        except ValueError as wrong:
            found.append(conflict(str(wrong), "trust"))
    return found + oversized(account, role, delegation.permissions)


def oversized(account: str, role: str, permissions: Permissions) -> list[Conflict]:
    """What to say about each of the role's custom policies that is longer than RAM takes."""
    found = []
    for kind in permission_documents.kinds(permissions):
        too_long = permission_documents.excess(account, role, kind, permissions)
        if too_long:
            name = f"`{permission_documents.policy_name(role, kind)}`"
            found.append(conflict(too_long, "permissions", hidden=too_long.replace(name, SECRET)))
    return found

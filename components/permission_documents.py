"""The custom policies of a role: one for each preset it uses and one for its own statements, at most four.

RAM attaches five custom policies to a role (facts 1.8), so the count never stands in the way.
"""

from components import permission_presets
from components.declarations import Permissions, PresetName, Statement
from components.limits import within
from crossaccount.policy import SIZE_LIMITS, PolicyError, PolicyKind, canonical, parse

CUSTOM = "custom"
KINDS = (*(preset.value for preset in PresetName), CUSTOM)


def policy_name(role: str, kind: str) -> str:
    """The name of a role's custom policy: policies know no dot, so `fc.ops` gives `fc-ops-read`."""
    return f"{role.replace('.', '-')}-{kind}"


def kinds(permissions: Permissions) -> list[str]:
    """Which custom policies the permissions need, in the order of `KINDS`."""
    used = {preset.preset.value for preset in permissions.presets}
    if permissions.statements:
        used.add(CUSTOM)
    return [kind for kind in KINDS if kind in used]


def document(account: str, role: str, kind: str, permissions: Permissions) -> str:
    """The canonical document of one of the role's custom policies.

    Args:
        account: the account of the role.
        role: the role's name.
        kind: one of `kinds(permissions)`.
        permissions: all the role's permissions.

    Raises:
        ValueError: it is longer than the 6144 characters that RAM takes.
    """
    if kind == CUSTOM:
        written = [statement.document() for statement in permissions.statements]
    else:
        presets = [preset for preset in permissions.presets if preset.preset.value == kind]
        written = [each for preset in presets for each in permission_presets.statements(account, preset)]
    text = canonical(parse({"Version": "1", "Statement": written}, PolicyKind.IDENTITY))
    return within(text, SIZE_LIMITS[PolicyKind.IDENTITY], f"the policy `{policy_name(role, kind)}`")


def excess(account: str, role: str, kind: str, permissions: Permissions) -> str:
    """What to say about a document that is longer than RAM takes; empty for one that is not."""
    try:
        document(account, role, kind, permissions)
    except PolicyError:
        understood = _understood(permissions)
        if not understood:
            return ""
        return excess(account, role, kind, permissions.model_copy(update={"statements": understood}))
    except ValueError as wrong:
        return str(wrong)
    return ""


def _understood(permissions: Permissions) -> list[Statement]:
    """The statements without those that RAM would not understand; they are refused by themselves."""
    return [
        each
        for each in permissions.statements
        if (each.actions is None) is not (each.not_actions is None) and not each.rules()
    ]

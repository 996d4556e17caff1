"""From a live role to a delegation's settings, or the reason why there are none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crossaccount.adopt.model import Adoption, CannotSayError, LeftOut
from crossaccount.adopt.permission_settings import custom_settings, system_settings
from crossaccount.adopt.trust_settings import trust_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crossaccount.access.facts import AttachmentFact
    from crossaccount.adopt.model import CustomPolicy, LiveRole

_ROLE = re.compile(r"[A-Za-z0-9.-]{1,64}")


def adopted(role: LiveRole, policies: Mapping[str, CustomPolicy]) -> Adoption | LeftOut:
    """What becomes of a role.

    Args:
        role: the role.
        policies: the account's custom policies by name, as far as they are on such roles.
    """
    try:
        return _adoption(role, policies)
    except CannotSayError as error:
        return LeftOut(role.name, "", str(error))


def _adoption(role: LiveRole, policies: Mapping[str, CustomPolicy]) -> Adoption:
    if _ROLE.fullmatch(role.name) is None:
        raise CannotSayError("settings name roles by letters, digits, `.` and `-`")
    if role.fact.trust.policy is None:
        raise CannotSayError("its trust policy could not be read")
    _only_printing("description holds", role.description)
    for key, value in role.tags.items():
        _only_printing("tags hold", key + value)
    trust = trust_settings(role.fact.trust.policy, role.fact.account)
    system, held, left = system_settings(role.name, _names(role.attachments, "System"))
    custom, taken, stays = custom_settings(role.name, _names(role.attachments, "Custom"), policies)
    delegation: dict[str, Any] = {
        **({"description": role.description} if role.description else {}),
        "trust": trust,
        **({"permissions": permissions} if (permissions := {**system, **custom}) else {}),
        **({"maxSessionDuration": role.fact.max_session} if role.fact.max_session else {}),
        **({"tags": dict(role.tags)} if role.tags else {}),
    }
    return Adoption(role, delegation, tuple(held), taken, (*left, *stays))


def _only_printing(what: str, text: str) -> None:
    """Accepts what shows as itself in a stack file: nobody reviews what hides or turns the writing around."""
    hidden = [each for each in text if not each.isprintable() and each not in "\n\t"]
    if hidden:
        raise CannotSayError(f"its {what} `{ascii(hidden[0])[1:-1]}`, which does not print: change it first")


def _names(attachments: Iterable[AttachmentFact], kind: str) -> list[str]:
    return sorted(each.policy for each in attachments if each.policy_kind == kind)

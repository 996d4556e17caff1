"""The stored policy documents as the evaluator takes them, each parsed once.

A document stored here was found valid when it was sent, so parsing it again cannot fail; it is done lazily
because most documents of a large account are never evaluated.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from crossaccount.policy import SYSTEM_POLICIES, Policy, PolicyKind, Source, parse

if TYPE_CHECKING:
    from crossaccount.localcloud.ram.entities import Attachment, CustomPolicy


@lru_cache(maxsize=4096)
def _parsed(document: str, kind: PolicyKind) -> Policy:
    return parse(document, kind)


def trust_source(role_name: str, document: str) -> Source:
    """The trust policy of a role, labelled for an explanation."""
    return Source(f"trust policy of role `{role_name}`", _parsed(document, PolicyKind.TRUST))


def attached_source(holder: str, attachment: Attachment, custom: CustomPolicy | None) -> Source:
    """An attached policy's version in force, labelled for an explanation.

    Args:
        holder: what it is attached to, e.g. "role `fc-reader`".
        attachment: the attachment.
        custom: the policy when it is a custom one; None for a system policy.
    """
    if custom is None:
        system = SYSTEM_POLICIES[attachment.policy_name]
        label = f"system policy `{system.name}` of {holder}"
        return Source(label, _parsed(system.document, PolicyKind.IDENTITY))
    label = f"custom policy `{custom.name}` ({custom.default_version}) of {holder}"
    return Source(label, _parsed(custom.default.document, PolicyKind.IDENTITY))

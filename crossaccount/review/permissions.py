"""From nodes and paths of the access graph to permission sets.

A path's set is what the last role's policies allow, behind the gates of every assumption before it. What is
not known is an opaque set: it stays in the comparison as something that cannot be told.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crossaccount.access import Outsider
from crossaccount.access.gates import ASSUME_ROLE, assuming
from crossaccount.policy import Effect, Source
from crossaccount.policy.sets import PermissionSet, permission_set, trust_set
from crossaccount.policy.wildcard import Wildcards
from crossaccount.review.known_keys import decided, known_keys

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crossaccount.access import Document, Grant, Node, Role
    from crossaccount.policy import Policy, Statement


class Permissions:
    """The permission sets of one graph, each made once.

    Args:
        side: `before` or `after`: what a stack declares and nobody knows yet is not the same on both sides.

    Attributes:
        declared_elsewhere: outsiders that the other side declares, by ARN: what they held here is not known.
    """

    def __init__(self, side: str) -> None:
        self.side = side
        self.declared_elsewhere: set[str] = set()
        self._held: dict[int, PermissionSet] = {}

    def held(self, node: Node) -> PermissionSet:
        """What a principal's own policies allow; nothing for whoever stands outside."""
        if id(node) not in self._held:
            grants = getattr(node, "grants", ())
            found = self._granted(grants, known_keys(node, identity=True))
            if not getattr(node, "certain", True):
                found = found & self._opaque(f"{node.label} {node.arn}", "it may be there or not")
            self._held[id(node)] = found
        return self._held[id(node)]

    def trusts(self, role: Role, caller: Node) -> PermissionSet:
        """What a role's trust policy lets a caller ask."""
        source = role.trust.source()
        if source is None:
            return self._unknown(role.trust)
        if assuming(caller) != ASSUME_ROLE:
            source = Source(source.label, _asked_by_provider(source.policy, assuming(caller)))
        found = trust_set(decided(source, known_keys(caller, identity=False)), caller.principal)
        if role.name is None:
            found = found & self._opaque(role.label, "its name is known only after `up`")
        return found

    def identity(self, caller: Node) -> PermissionSet:
        """What lets a caller ask for a role: an outsider's account decides that, so everything."""
        if not isinstance(caller, Outsider):
            return self.held(caller)
        if caller.arn in self.declared_elsewhere:
            return self._opaque(f"the policies of {caller.label}", "no given stack declares it on this side")
        return PermissionSet.everything()

    def through(self, principal: Node, roles: Sequence[Role]) -> PermissionSet:
        """What a principal may do over a path of roles; as itself where there is none."""
        if not roles:
            return self.held(principal)
        found = self.held(roles[-1])
        callers: list[Node] = [principal, *roles[:-1]]
        for caller, role in reversed(list(zip(callers, roles, strict=True))):
            gate = self.identity(caller) & self.trusts(role, caller)
            found = found.behind(gate, assuming(caller), role_resource(role))
        return found

    def _granted(self, grants: Sequence[Grant], known: Mapping[str, str | tuple[str, ...]]) -> PermissionSet:
        sources = [grant.document.source() for grant in grants if grant.certain]
        found = permission_set([decided(each, known) for each in sources if each is not None])
        denials: list[PermissionSet] = []
        for grant in grants:
            document = grant.document
            source = document.source()
            if source is None:
                found = found | self._unknown(document)
                if not document.is_opaque:
                    denials.append(self._unknown(document, " (what it denies)"))
            elif not grant.certain:
                maybe = self._opaque(f"{document.label} on its holder", "the attachment is not sure")
                found = found | (permission_set([decided(source, known)]) & maybe)
                if any(each.effect is Effect.DENY for each in source.policy.statements):
                    denials.append(maybe)
        for denial in denials:
            found = found - denial
        return found

    def _unknown(self, document: Document, part: str = "") -> PermissionSet:
        if document.origin is None:
            return PermissionSet.opaque(f"{document.label} of {document.account}{part}", document.missing)
        return self._opaque(f"{document.label}{part}", document.missing)

    def _opaque(self, label: str, why: str) -> PermissionSet:
        return PermissionSet.opaque(f"{label}, {self.side}", why)


def _asked_by_provider(policy: Policy, own_action: str) -> Policy:
    """The trust policy as an identity provider's API asks it: for AssumeRole, under the API's own keys.

    The policy must allow `sts:AssumeRole`, and must not deny the API's own action (facts 4.3, 4.6).
    """
    found = []
    for each in policy.statements:
        denies = each.effect is Effect.DENY
        if _names(each, ASSUME_ROLE) or (denies and _names(each, own_action)):
            found.append(replace(each, actions=(own_action,), not_actions=()))
    return replace(policy, statements=tuple(found))


def _names(statement: Statement, action: str) -> bool:
    patterns = Wildcards([each.lower() for each in statement.actions or statement.not_actions])
    return patterns.match(action.lower()) is bool(statement.actions)


def role_resource(role: Role) -> str:
    """A role as requests name it; a stand-in where its name is not known."""
    return role.arn.replace("?", "name-known-after-up")

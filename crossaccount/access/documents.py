"""The policies of the graph: known, or named and not known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from crossaccount.access.compiled import CompiledPolicy, compile_policy
from crossaccount.access.errors import PolicyTextError
from crossaccount.access.values import Unknown
from crossaccount.policy import SYSTEM_POLICIES, PolicyError, PolicyKind, Source

if TYPE_CHECKING:
    from crossaccount.access.origin import Origin
    from crossaccount.policy import Policy

DocumentKind = Literal["System", "Custom", "Trust"]

NOT_NAMED = "?"
"""Stands for the name of a policy that is known only after `up`; no policy can be called so."""


@dataclass(frozen=True, slots=True)
class Document:
    """A policy by name.

    Attributes:
        kind: `System`, `Custom` or `Trust`.
        name: the policy's name; for a trust policy, the role's.
        account: the account it belongs to; `system` for a system policy.
        compiled: the policy; None where it is not known.
        missing: why it is not known; empty where it is.
        at_most: of a trust policy that is not known, the principals it names, where that can be told.
        origin: what declares it; None for a system policy.
        retired: whether it was replaced and waits to be deleted.
    """

    kind: DocumentKind
    name: str
    account: str
    compiled: CompiledPolicy | None
    missing: str = ""
    at_most: tuple[str, ...] | None = None
    origin: Origin | None = None
    retired: bool = False

    @property
    def policy(self) -> Policy | None:
        """The policy; None where it is not known."""
        return None if self.compiled is None else self.compiled.policy

    @property
    def label(self) -> str:
        """The policy in words, e.g. "system policy `AliyunFCReadOnlyAccess`"."""
        if self.kind == "Trust":
            return f"trust policy of role `{self.name}`"
        return f"{self.kind.lower()} policy `{self.name}`"

    @property
    def is_opaque(self) -> bool:
        """Whether it is a system policy whose document is not known here: it compares only with itself."""
        return self.kind == "System" and self.compiled is None

    @property
    def doubt(self) -> str:
        """Why the policy is not known, and how much it says at most; for a policy that is not known."""
        most = "whoever it names"
        if self.kind != "Trust":
            most = "every action"
        elif self.at_most is not None:
            most = ", ".join(f"`{each}`" for each in self.at_most) or "nobody"
        return f"{self.label}: {self.missing}; at most {most}"

    def source(self) -> Source | None:
        """The policy as the evaluator takes it; None where it is not known."""
        return None if self.compiled is None else Source(self.label, self.compiled.policy)


def system_document(name: str) -> Document:
    """A system policy; one that is not known here is opaque."""
    known = SYSTEM_POLICIES.get(name)
    if known is None:
        return Document("System", name, "system", None, "its document is not known here")
    return Document("System", name, "system", compile_policy(known.document, PolicyKind.IDENTITY))


def undeclared_document(name: str, account: str) -> Document:
    """A custom policy that is attached and that nothing given declares, or that is not named yet."""
    why = "which one is known only after `up`" if name == NOT_NAMED else "no given stack declares it"
    return Document("Custom", name, account, None, why)


def read_document(
    kind: DocumentKind,
    name: str,
    account: str,
    text: str | Unknown | None,
    origin: Origin,
    at_most: tuple[str, ...] | None = None,
) -> Document:
    """A custom or trust policy from the text a resource holds.

    Raises:
        PolicyTextError: it does not parse, or there is none; names file, resource and place.
    """
    if isinstance(text, Unknown) and text is not Unknown.MALFORMED:
        return Document(kind, name, account, None, text.value, at_most, origin)
    grammar = PolicyKind.TRUST if kind == "Trust" else PolicyKind.IDENTITY
    place = f"`{origin.where}`: `{origin.urn}`" if origin.urn else f"`{origin.where}`"
    what = "trust policy" if kind == "Trust" else "policy"
    if not isinstance(text, str):
        raise PolicyTextError(f"{place}: the {what} `{name}` has no document; export it again")
    try:
        return Document(kind, name, account, compile_policy(text, grammar), "", None, origin)
    except PolicyError as error:
        raise PolicyTextError(f"{place}: the {what} `{name}` does not parse: {error}") from None

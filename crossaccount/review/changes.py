"""What differs between two graphs, resource by resource: the causes of every row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.access import Role
from crossaccount.review.model import Cause

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from crossaccount.access import Document, Grant, Node, Origin, StackRecords

Grants = dict[tuple[str, str, str, str], "Grant"]


def changed_inputs(before: Iterable[StackRecords], after: Iterable[StackRecords]) -> frozenset[str]:
    """The URNs of the resources that programs ask for differently, or on one side only."""
    old, new = (
        {record.urn: (record.inputs, record.retired) for stack in side for record in stack.records}
        for side in (before, after)
    )
    return frozenset(urn for urn in {**old, **new} if old.get(urn) != new.get(urn))


def fingerprint(node: Node) -> Hashable:
    """What a node's permissions are made of: equal on both sides only where nothing changed.

    Policies are parsed once a text, so that the same text is the same object.
    """
    grants = frozenset(
        (grant.document.name, _content(grant.document), grant.certain)
        for grant in getattr(node, "grants", ())
    )
    trust = _content(node.trust) if isinstance(node, Role) else None
    return grants, trust, getattr(node, "certain", True)


def holdings_changed(before: Node | None, after: Node | None) -> Iterator[tuple[Cause, Grant | None]]:
    """The changed attachments, memberships and documents of a node, or that it came or went."""
    if before is None or after is None:
        node, what = (after, "created") if before is None else (before, "deleted")
        origin = getattr(node, "origin", None)
        if origin is not None:
            yield _cause(origin, what), None
    old, new = _grants(before), _grants(after)
    for key in {**old, **new}:
        was, will = old.get(key), new.get(key)
        if was is None and will is not None:
            yield _cause(will.membership or will.origin, "joined" if will.membership else "attached"), will
        elif will is None and was is not None:
            yield _cause(was.membership or was.origin, "left" if was.membership else "detached"), was
        elif was is not None and will is not None and _content(was.document) != _content(will.document):
            origin = will.document.origin or was.document.origin or will.origin
            yield _cause(origin, "document changed"), will
        elif was is not None and will is not None and was.certain != will.certain:
            yield _cause(will.origin, "attachment is known only after `up`"), will


def trust_changed(before: Role | None, after: Role | None) -> Iterator[Cause]:
    """The role, if its trust policy changed or it came or went."""
    if before is None or after is None:
        node, what = (after, "created") if before is None else (before, "deleted")
        if node is not None and node.origin is not None:
            yield _cause(node.origin, what)
    elif _content(before.trust) != _content(after.trust):
        origin = after.trust.origin or after.origin or before.origin
        if origin is not None:
            yield _cause(origin, "trust policy changed")
    elif before.certain != after.certain and after.origin is not None:
        yield _cause(after.origin, "is known only after `up`")


def _grants(node: Node | None) -> Grants:
    return {
        (grant.document.kind, grant.document.account, grant.document.name, grant.group): grant
        for grant in getattr(node, "grants", ())
    }


def _content(document: Document) -> Hashable:
    if document.compiled is not None:
        return id(document.compiled)
    if document.origin is None:
        return document.kind, document.account, document.name, document.missing
    return object()  # what is declared and not known is like nothing else


def _cause(origin: Origin, what: str) -> Cause:
    return Cause(what, origin.urn, origin.position, origin.trace, origin.stack)

"""What a role's policies give, right by right; policies of the same text are read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from crossaccount.access.asking import TIME
from crossaccount.audit.model import Right
from crossaccount.audit.words import limit_words, resource_words, right_words
from crossaccount.policy import Effect
from crossaccount.policy.arn import folded
from crossaccount.policy.catalogue import CATALOGUE, AccessClass, expand
from crossaccount.policy.sets.reach import known_actions_left, known_actions_on
from crossaccount.policy.wildcard import Wildcards

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crossaccount.access import Grant, Role
    from crossaccount.policy import Statement

EVERY_CLASS = tuple(each.value for each in AccessClass)
_KNOWN = frozenset(map(folded, CATALOGUE))


@dataclass(frozen=True, slots=True)
class _Denied:
    """A Deny statement of the role, as an exception from each of its rights."""

    means: frozenset[str]
    actions: frozenset[str]
    resources: tuple[str, ...]
    certain: bool
    words: str

    def covers(self, statement: Statement) -> bool:
        """Whether it holds on each resource of a statement; not looked into further than the text."""
        return self.certain and self.resources in (("*",), statement.resources)

    def takes_all(self, statement: Statement) -> bool:
        """Whether nothing of a statement is left, as far as the text tells."""
        wanted = frozenset(map(folded, statement.actions))
        return self.covers(statement) and ("*" in self.actions or (bool(wanted) and wanted <= self.actions))


def holds_at(statement: Statement, moment: str) -> bool:
    """Whether a statement's conditions on the time hold at a moment, RFC 3339."""
    if not statement.conditions:
        return True
    tests = zip(statement.conditions, statement.rule.conditions, strict=True)
    return all(test.holds({TIME: moment}) is not False for each, test in tests if each.key == TIME)


def rights_of(role: Role, moment: str) -> tuple[Right, ...]:
    """Every right that a session of the role has at a moment, in the order of its policies.

    A policy that is not known is a right to everything that may be there. What another policy of the role
    denies is said with each right that it takes from.
    """
    denied = [each for grant in role.grants for each in _denied(grant, moment)]
    return tuple(right for grant in role.grants for right in _rights(grant, denied, moment))


def _rights(grant: Grant, denied: Sequence[_Denied], moment: str) -> Iterator[Right]:
    document = grant.document
    if document.policy is None:
        yield _unknown(grant)
        return
    for statement in document.policy.statements:
        if statement.effect is not Effect.ALLOW or not holds_at(statement, moment):
            continue
        if not any(each.takes_all(statement) for each in denied):
            yield _right(grant, statement, denied)


def _right(grant: Grant, statement: Statement, denied: Sequence[_Denied]) -> Right:
    actions = _patterns(statement)
    reached, beyond = _reached(statement.actions, statement.not_actions)
    means = reached & _acting_on(statement.resources)
    conditions = [limit_words(each) for each in statement.conditions]
    conditions += [each.words for each in denied if beyond or each.means & reached]
    if denied:
        means = _left(means, statement, denied)
    names, classes = _told(means)
    words = right_words(actions, classes, statement.resources)
    return Right(
        grant.document.label,
        actions,
        names,
        classes,
        beyond,
        statement.resources,
        tuple(conditions),
        words if not conditions else f"{words}, {_if(conditions)}",
        grant.certain,
        grant.origin,
    )


def _left(means: frozenset[str], statement: Statement, denied: Sequence[_Denied]) -> frozenset[str]:
    """The actions that are still allowed on some resource of a statement, whatever a request says."""
    for each in denied:
        if each.covers(statement):
            means -= each.means
    taken: dict[tuple[str, ...], set[str]] = {}
    for name in means:
        without = [
            resource for each in denied if each.certain and name in each.means for resource in each.resources
        ]
        if without:
            taken.setdefault(tuple(sorted(set(without))), set()).add(name)
    for patterns, names in taken.items():
        means -= names - known_actions_left(statement.resources, patterns)
    return means


def _unknown(grant: Grant) -> Right:
    doubt = grant.document.missing
    words = f"cannot be told: {grant.document.label}: {doubt}; at most everything"
    return Right(
        grant.document.label,
        ("*",),
        (),
        EVERY_CLASS,
        True,
        ("*",),
        (),
        words,
        False,
        grant.origin,
    )


def _if(conditions: Iterable[str]) -> str:
    said = list(conditions)
    limits = [each for each in said if not each.startswith("never ")]
    nevers = [f"but {each}" for each in said if each.startswith("never ")]
    return ", ".join([*([f"if {' and '.join(limits)}"] if limits else []), *nevers])


def _denied(grant: Grant, moment: str) -> Iterator[_Denied]:
    policy = grant.document.policy
    for statement in () if policy is None else policy.statements:
        if statement.effect is Effect.DENY and holds_at(statement, moment):
            means, _ = _reached(statement.actions, statement.not_actions)
            limits = " and ".join(map(limit_words, statement.conditions))
            on = (
                ""
                if statement.resources == ("*",)
                else f" on {', '.join(map(resource_words, statement.resources))}"
            )
            words = f"never {', '.join(_patterns(statement))}{on}{f' if {limits}' if limits else ''}"
            certain = grant.certain and all(each.key == TIME for each in statement.conditions)
            yield _Denied(
                means, frozenset(map(folded, statement.actions)), statement.resources, certain, words
            )


def _patterns(statement: Statement) -> tuple[str, ...]:
    if statement.not_actions:
        return (f"every action but {', '.join(statement.not_actions)}",)
    return statement.actions


@lru_cache(maxsize=4096)
def _reached(actions: tuple[str, ...], not_actions: tuple[str, ...]) -> tuple[frozenset[str], bool]:
    """The known actions that patterns mean, and whether they mean others too."""
    if not_actions:
        taken = Wildcards(map(folded, not_actions))
        return frozenset(name for name in CATALOGUE if not taken.match(folded(name))), True
    reached = frozenset(each.name for pattern in actions for each in expand(pattern))
    beyond = any("*" in each or "?" in each or folded(each) not in _KNOWN for each in actions)
    return reached, beyond


@lru_cache(maxsize=1024)
def _told(means: frozenset[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Actions in order, and their classes in the order of weight."""
    found = {CATALOGUE[name].access.value for name in means}
    return tuple(sorted(means)), tuple(each for each in EVERY_CLASS if each in found)


def _acting_on(resources: tuple[str, ...]) -> frozenset[str]:
    found = [known_actions_on(each) for each in resources]
    return found[0] if len(found) == 1 else _together(tuple(dict.fromkeys(found)))


@lru_cache(maxsize=1024)
def _together(sets: tuple[frozenset[str], ...]) -> frozenset[str]:
    return frozenset().union(*sets)

"""Rights and conditions in words that nobody has to know the policy language for."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from crossaccount.access.words import condition_words
from crossaccount.policy.arn import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crossaccount.access.gates import Gate
    from crossaccount.access.ruling import Ruling
    from crossaccount.policy import Condition

_SERVICES = {
    "fc": "Function Compute",
    "ram": "RAM",
    "sts": "STS",
    "ims": "identity management",
    "log": "Log Service",
    "oss": "OSS",
}
_VERBS = {
    "read": "reads",
    "write": "changes",
    "invoke": "invokes",
    "permission-management": "manages permissions in",
}
_ARN_PARTS = 5
_EXTERNAL_ID = folded("sts:ExternalId")


def limit_words(condition: Condition) -> str:
    """A condition in words; the value of an external id is between the two companies and is not told."""
    if folded(condition.key) == _EXTERNAL_ID:
        negative = "Not" in condition.operator
        return f"`sts:ExternalId` is {'not a certain one' if negative else 'the one agreed on'}"
    return condition_words(condition)


def ruling_limits(ruling: Ruling) -> tuple[str, ...]:
    """Under which conditions a ruling is open."""
    said = []
    if ruling.alternatives:
        said.append("; or ".join(" and ".join(map(limit_words, each)) for each in ruling.alternatives))
    said += [f"unless {' and '.join(map(limit_words, each))}" for each in ruling.unless]
    return tuple(said)


def gate_limits(gate: Gate) -> tuple[str, ...]:
    """What a gate still depends on."""
    said = [*ruling_limits(gate.ruling), *([gate.note] if gate.note else [])]
    if not gate.sure:
        said.append(f"{gate.holder.label} is there only if an operation that was cut off took effect")
    return (*said, *(f"cannot tell: {each}" for each in gate.ruling.unknown))


def right_words(actions: Sequence[str], classes: Iterable[str], resources: Sequence[str]) -> str:
    """A right in a sentence: "reads Function Compute (`fc:Get*`), on functions `team-*` of account `123...`".

    Args:
        actions: the patterns as written, or what stands for them.
        classes: the access classes of the known actions among them.
        resources: the patterns as written.
    """
    services = list(dict.fromkeys(map(_service, actions)))
    verbs = [_VERBS[each] for each in classes] or ["does what the catalogue does not list in"]
    places = [resource_words(each) for each in resources]
    patterns = ", ".join(f"`{each}`" for each in actions)
    return f"{_listed(verbs)} {_listed(services)} ({patterns}), on {_listed(places)}"


@lru_cache(maxsize=4096)
def resource_words(pattern: str) -> str:
    """A pattern of `Resource`: "functions `team-*` of account `123...` in every region"."""
    parts = pattern.split(":", _ARN_PARTS - 1)
    if not pattern.strip("*"):
        return "every resource"
    if len(parts) != _ARN_PARTS:
        return f"`{pattern}`"
    _, service, region, account, named = parts
    what = _named(named)
    whose = "any account" if account in ("", "*") else f"account `{account}`"
    where = ""
    if service not in ("ram", "sts"):
        where = " in every region" if region in ("", "*") else f" in `{region}`"
    return f"{what} of {whose}{where}"


def _named(relative: str) -> str:
    kind, slash, rest = relative.partition("/")
    if not relative.strip("*/"):
        return "everything"
    if not slash or "*" in kind or "?" in kind:
        return f"`{relative}`"
    return f"all {kind}" if rest == "*" else f"{kind} `{rest}`"


def _service(pattern: str) -> str:
    service = pattern.partition(":")[0].lower()
    return "every service" if "*" in service or "?" in service else _SERVICES.get(service, f"`{service}`")


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"

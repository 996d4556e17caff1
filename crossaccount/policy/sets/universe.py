"""The universe: the requests that could be made, and one of them where a set has any.

- An action is `<service>:<operation>`, a resource `*` or an ARN of the action's service (STS and IMS act on
  what is RAM's): a region, none in RAM and STS; an account id of 16 digits, or `system` in RAM; something it
  names, in RAM and STS without a colon.
- A known action that takes nothing narrower than its forms is asked of exactly these.
- A condition key that does not belong to the action is missing. Every key has at most one value; a key whose
  values Alibaba Cloud sets has one that can be read; time and transport are never missing.

Source: RAM, "Policy elements" (facts 1.2, 1.4, 1.6); `crossaccount.policy.catalogue`.
"""

from __future__ import annotations

from collections import deque
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from crossaccount.policy.arn import folded
from crossaccount.policy.catalogue import CATALOGUE, Action
from crossaccount.policy.sets.dimensions import ACTION, RESOURCE, Kind
from crossaccount.policy.sets.forms import NEW_OPERATIONS, TAILS, heads_and_tails, shapes_of
from crossaccount.policy.sets.language import ANYTHING, NOTHING, Language
from crossaccount.policy.sets.patterns import equal_to, matching
from crossaccount.policy.sets.shape import WORD, shortest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crossaccount.policy.sets.box import Box

Call = tuple[str, str]

_KNOWN = {folded(name): action for name, action in CATALOGUE.items()}
_UNKNOWN = ANYTHING - equal_to(_KNOWN)
_OTHER_SERVICES = ANYTHING - equal_to(TAILS)
_SERVICE_KEYS = {"fc": "fc:*", "oidc": "sts:*", "ram": "ram:*", "saml": "sts:*", "sts": "sts:*"}
_OF_PASSING_A_ROLE = {"acs:Service": "ram:*"}


def possible_actions(box: Box) -> Language:
    """The actions of a box whose requests can carry all the condition keys that must not be missing."""
    actions = _languages(box)[0]
    for dimension, held in box.parts.items():
        if dimension.key and not dimension.step and not held.missing and dimension.kind is not Kind.OPAQUE:
            actions = actions & _carrying(dimension.key)
    return actions


def possible_call(box: Box) -> Call | None:
    """An action and a resource of a box with which a request could be made; None where there are none.

    The better known come first: a known action on a resource of one of its forms, then an action of a known
    service that the catalogue does not list, then any.
    """
    return _possible_call(possible_actions(box), _languages(box)[1])


def fitting_actions(box: Box) -> tuple[Action, ...]:
    """The known actions that a box holds on a resource they act on, by name."""
    actions = possible_actions(box)
    resources = _languages(box)[1]
    return tuple(
        action
        for name, action in sorted(_KNOWN.items())
        if name in actions and _fitting_resource(action, resources) is not None
    )


def holds_unknown_actions(box: Box) -> bool:
    """Whether a request of the box could have an action that the catalogue does not list."""
    actions = possible_actions(box) & _UNKNOWN
    return _unlisted_call(actions, _languages(box)[1]) is not None


def _languages(box: Box) -> tuple[Language, Language]:
    """The actions and the resources of a box."""
    return cast("Language", box.values(ACTION).inside), cast("Language", box.values(RESOURCE).inside)


def carries(action: str, key: str) -> bool:
    """Whether requests for an action can have a condition key."""
    return folded(action) in _carrying(key)


@lru_cache(maxsize=1024)
def _carrying(key: str) -> Language:
    """The actions whose requests can have a condition key: listed so, or unlisted ones of the service."""
    service = key.partition(":")[0]
    listed = {name for name, action in _KNOWN.items() if key in action.condition_keys}
    if not listed and service == "acs":
        return ANYTHING
    unlisted = _UNKNOWN & matching([_OF_PASSING_A_ROLE.get(key) or _SERVICE_KEYS.get(service, "*")])
    return unlisted | equal_to(listed)


@lru_cache(maxsize=1 << 14)
def _possible_call(actions: Language, resources: Language) -> Call | None:
    if actions is NOTHING or resources is NOTHING:
        return None
    for name, action in _KNOWN.items():
        if name in actions:
            resource = _fitting_resource(action, resources)
            if resource is not None:
                return action.name, resource
    return _unlisted_call(actions & _UNKNOWN, resources) or _call_beyond_forms(actions, resources)


def _fitting_resource(action: Action, resources: Language) -> str | None:
    for form in action.resources:
        for shape in shapes_of(form):
            found = shortest(resources, shape)
            if found is not None:
                return found
    return None


def _call_beyond_forms(actions: Language, resources: Language) -> Call | None:
    """A known action on an ARN of its service that is none of its forms: forms are listed in good faith."""
    for name, action in _KNOWN.items():
        if name in actions and not action.narrowest:
            resource = _resource_of(name.partition(":")[0], resources)
            if resource is not None:
                return action.name, resource
    return None


@lru_cache(maxsize=1 << 14)
def _unlisted_call(actions: Language, resources: Language) -> Call | None:
    for service in _services(actions, resources):
        operation = _operation_of(service, actions)
        resource = _resource_of(service, resources)
        if operation is not None and resource is not None:
            return f"{service}:{operation}", resource
    return None


def _operation_of(service: str, actions: Language) -> str | None:
    state = actions.walk(f"{service}:")
    found = (shortest(actions, shape, state) for shape in NEW_OPERATIONS)
    return next((each for each in found if each is not None), None)


def _resource_of(service: str, resources: Language) -> str | None:
    for head, shapes in heads_and_tails(service):
        state = resources.walk(head)
        for shape in shapes:
            tail = shortest(resources, shape, state)
            if tail is not None:
                return head + tail
    return "*" if "*" in resources else None


def _services(actions: Language, resources: Language) -> Iterator[str]:
    """Names of services to try: the known ones, then one for each way in which names can differ here."""
    yield from TAILS
    start = (0, resources.walk("acs:"), 0)
    names = {start: ""}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        named = {char for _, _, edges in _rows(here, actions, resources) for char in edges if char in WORD}
        usual = next((char for char in WORD if char not in named), "")
        for char in (usual, *sorted(named)):
            there = (
                actions.step(here[0], char),
                resources.step(here[1], char),
                _OTHER_SERVICES.step(here[2], char),
            )
            if char and there not in names and not actions.dead(there[0]):
                names[there] = names[here] + char
                waiting.append(there)
                if _OTHER_SERVICES.table[there[2]][0]:
                    yield names[there]


def _rows(here: tuple[int, int, int], actions: Language, resources: Language) -> tuple[tuple, ...]:  # type: ignore[type-arg]
    return actions.table[here[0]], resources.table[here[1]], _OTHER_SERVICES.table[here[2]]

"""How resources and operations are formed, as shapes: first as a reader expects them, then in general.

Source: RAM, "Policy elements" (facts 1.2, 1.6). Resources are spelled as the evaluator compares them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from crossaccount.policy.sets.shape import DIGITS, LOWER, NAME, PRINTABLE, WORD, Run, Shape, literal, some

_ACCOUNT = tuple(Run(DIGITS) for _ in range(16))
_NAME = some(PRINTABLE, open_end=True)
# Names in RAM are compared in lower case and hold no colon: so a region written `*` and none are the same.
_RAM_NAME = some(LOWER + DIGITS + "-_./@*+=,")
_REGION = some(WORD)
_USUAL_REGION = literal("cn-hangzhou")
_COLON = literal(":")

TAILS = {
    "fc": (
        (*_USUAL_REGION, *_COLON, *_ACCOUNT, *_COLON, *literal("functions/"), *_NAME),
        (*_USUAL_REGION, *_COLON, *_ACCOUNT, *_COLON, *_NAME),
        (*_REGION, *_COLON, *_ACCOUNT, *_COLON, *_NAME),
    ),
    "ram": (
        (*_COLON, *_ACCOUNT, *_COLON, *_RAM_NAME),
        (*_COLON, *literal("system:"), *_RAM_NAME),
    ),
    "sts": ((*_COLON, *_ACCOUNT, *_COLON, *_RAM_NAME),),
    "ims": (),
}
_OTHER_TAILS = (
    (*_USUAL_REGION, *_COLON, *_ACCOUNT, *_COLON, *_NAME),
    (Run(WORD, many=True), *_COLON, *_ACCOUNT, *_COLON, *_NAME),
    (*literal("*:"), *_ACCOUNT, *_COLON, *_NAME),
)
NEW_OPERATIONS: tuple[Shape, ...] = (
    literal("newoperation"),
    (Run(LOWER), Run(LOWER + DIGITS, many=True)),
    some(LOWER + DIGITS + "-_./"),
)
_PLACEHOLDER = re.compile("<([a-z]+)>")


def heads_and_tails(service: str) -> tuple[tuple[str, tuple[Shape, ...]], ...]:
    """How the resources of a service's actions begin, and what may follow; STS and IMS act on RAM."""
    own = (f"acs:{service}:", TAILS.get(service, _OTHER_TAILS))
    return (("acs:ram:", TAILS["ram"]), own) if service in ("ims", "sts") else (own,)


@lru_cache(maxsize=1024)
def shapes_of(form: str) -> tuple[Shape, ...]:
    """The shapes of a form of the catalogue."""
    if form.startswith("acs:ram:*:"):
        return (_filled(form.replace("acs:ram:*:", "acs:ram::", 1), _REGION, some(LOWER + DIGITS + "-_.")),)
    return _filled(form, _USUAL_REGION, some(NAME)), _filled(form, _REGION, some(NAME))


def _filled(form: str, region: Shape, name: Shape) -> Shape:
    shape: list[Run] = []
    for place, text in enumerate(_PLACEHOLDER.split(form)):
        if place % 2 == 0:
            shape += literal(text)
        elif text == "account":
            shape += _ACCOUNT
        elif text == "region":
            shape += region
        else:
            shape += name
    return tuple(shape)

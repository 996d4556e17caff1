"""The RAM policy language once more: slow, short, and straight from the documentation.

It works on the JSON of accepted documents and shares nothing with `crossaccount.policy`. Numbers: facts.
"""

from __future__ import annotations

import socket
from datetime import datetime
from fractions import Fraction
from operator import eq, ge, gt, le, lt


def listed(value):
    """One value and a list of one are the same (1.1)."""
    return [value] if isinstance(value, str) else list(value)


def glob(pattern, text):
    """`*` is any number of characters, `?` exactly one, in any position (1.2)."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return glob(pattern[1:], text) or (text != "" and glob(pattern, text[1:]))
    return text != "" and pattern[0] in ("?", text[0]) and glob(pattern[1:], text[1:])


def lower(text):
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text)


def resource_matches(pattern, resource):
    """RAM and STS names: any letter case, empty region and `*` are one; other services: as written (1.2)."""
    if lower(resource).split(":")[:2] not in (["acs", "ram"], ["acs", "sts"]):
        return glob(pattern, resource)
    acs, service, region, *rest = lower(resource).split(":")
    spelled = ":".join([acs, service, "" if region == "*" else region, *rest])
    return glob(lower(pattern), spelled)


def instant(text):
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z").timestamp()


def bits(address):
    family, width = (socket.AF_INET6, 128) if ":" in address else (socket.AF_INET, 32)
    return f"{int.from_bytes(socket.inet_pton(family, address), 'big'):0{width}b}"


def in_network(address, network):
    base, _, length = network.partition("/")
    prefix = bits(base)[: int(length) if length else None]
    return len(bits(base)) == len(bits(address)) and bits(address).startswith(prefix)


READ = {"Numeric": Fraction, "Date": instant, "Bool": {"true": True, "false": False}.__getitem__}
ORDER = {"LessThan": lt, "LessThanEquals": le, "GreaterThan": gt, "GreaterThanEquals": ge, "Equals": eq}


def compare(operator, given, asked):
    """One value of the request against one of the policy, by the operator without its Not (1.3)."""
    if operator == "IpAddress":
        return in_network(given, asked)
    if operator == "StringLike":
        return glob(asked, given)
    if operator.startswith("StringEquals"):
        spell = str.lower if operator.endswith("IgnoreCase") else str
        return spell(given) == spell(asked)
    family = next(name for name in READ if operator.startswith(name))
    return ORDER[operator.removeprefix(family) or "Equals"](READ[family](given), READ[family](asked))


def condition(operator, given, asked):
    """Any value of the request with any of the policy; None: the request's value cannot be read (1.3)."""
    positive, unreadable = operator.replace("Not", ""), False
    for value in given:
        try:
            if any(compare(positive, value, each) for each in asked):
                return positive == operator
        except (ValueError, KeyError, OSError):  # noqa: PERF203  each value for itself
            unreadable = True
    return None if unreadable else positive != operator


def names(named, kind, account, name):
    """`root` is every user and role of the account but not the root itself (1.7); case of roles: 1.6."""
    if kind in ("service", "federated"):
        return f"acs:ram::{account}:{name}".removeprefix("acs:ram:::") in listed(named.get(kind.title(), []))
    exact = {"user": f"user/{name}", "role": f"role/{lower(name)}", "root": None}[kind]
    for arn in listed(named.get("RAM", [])):
        owner, relative = arn.split(":")[3:]
        relative = lower(relative) if relative.startswith("role/") else relative
        if exact and owner == account and relative in ("root", exact):
            return True
    return False


def says(statement, action, resource, context, principal):
    """What one statement says: its effect, or nothing (1.5)."""
    patterns = listed(statement.get("Action", statement.get("NotAction")))
    if any(glob(lower(each), lower(action)) for each in patterns) == ("NotAction" in statement):
        return None
    if "Principal" in statement and not names(statement["Principal"], *principal):
        return None
    resources = statement.get("Resource")
    if resources and not any(resource_matches(each, resource) for each in listed(resources)):
        return None
    results = [
        condition(operator, listed(context.get(key, [])), listed(asked))
        for operator, block in statement.get("Condition", {}).items()
        for key, asked in block.items()
    ]
    effect = statement["Effect"]
    return None if False in results or (None in results and effect == "Allow") else effect


def verdict(documents, action, resource, context, principal=None):
    """Deny wins, then Allow, then nothing allows (1.5)."""
    said = {says(s, action, resource, context, principal) for d in documents for s in d["Statement"]}
    return "explicit deny" if "Deny" in said else "allow" if "Allow" in said else "implicit deny"

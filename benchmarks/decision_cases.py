"""A policy and requests of a delegation's size, for RAM, moto and Cedar: the same meaning in each."""

from __future__ import annotations

import itertools

ACCOUNT = "1234567890120000"
_FUNCTIONS = f"acs:fc:*:{ACCOUNT}:functions/"

_Rule = tuple[str, tuple[str, ...], tuple[str, ...], "tuple[str, str, str] | None"]
_RULES: tuple[_Rule, ...] = (
    ("Allow", ("fc:Get*", "fc:List*"), ("*",), None),
    ("Allow", ("fc:InvokeFunction",), (f"{_FUNCTIONS}team-a-*", f"{_FUNCTIONS}shared-*"), None),
    (
        "Allow",
        ("fc:UpdateFunction",),
        (f"{_FUNCTIONS}team-a-*",),
        ("acs:UserAgent", "StringEquals", "deploy"),
    ),
    (
        "Allow",
        ("fc:PutScalingConfig",),
        (f"{_FUNCTIONS}*-api",),
        ("sts:SourceIdentity", "StringEquals", "ops"),
    ),
    ("Allow", ("ram:GetRole", "ram:ListRoles"), (f"acs:ram:*:{ACCOUNT}:role/*",), None),
    ("Allow", ("sts:AssumeRole",), (f"acs:ram:*:{ACCOUNT}:role/reader",), None),
    ("Deny", ("fc:GetFunctionCode",), (f"{_FUNCTIONS}secret-*",), None),
    ("Deny", ("fc:Delete*",), ("*",), None),
)
_ACTIONS = (
    "fc:GetFunction",
    "fc:ListFunctions",
    "fc:InvokeFunction",
    "fc:UpdateFunction",
    "fc:GetFunctionCode",
    "fc:PutScalingConfig",
    "fc:DeleteFunction",
    "ram:GetUser",
)
_RESOURCES = tuple(
    f"acs:fc:cn-hangzhou:{ACCOUNT}:functions/{name}"
    for name in ("team-a-orders", "team-b-orders", "shared-api", "secret-keys", "x")
)
_CONTEXTS = (
    {"acs:UserAgent": "deploy", "sts:SourceIdentity": "ops"},
    {"acs:UserAgent": "deploy", "sts:SourceIdentity": "dev"},
    {"acs:UserAgent": "curl", "sts:SourceIdentity": "ops"},
)
REQUESTS = tuple(itertools.product(_ACTIONS, _RESOURCES, _CONTEXTS))


def document(*, version: str) -> dict[str, object]:
    """The policy as RAM (`1`) and as AWS (`2012-10-17`, which moto reads) write it."""
    return {"Version": version, "Statement": [_statement(rule) for rule in _RULES]}


def _statement(rule: _Rule) -> dict[str, object]:
    effect, actions, resources, condition = rule
    statement = {"Effect": effect, "Action": list(actions), "Resource": list(resources)}
    if condition is not None:
        key, operator, value = condition
        statement["Condition"] = {operator: {key: value}}
    return statement


def cedar() -> str:
    """The policy in Cedar: action and resource as texts in the context, so that patterns mean the same."""
    return "\n".join(_cedar_rule(rule) for rule in _RULES)


def _cedar_rule(rule: _Rule) -> str:
    effect, actions, resources, condition = rule
    tests = [_likes("action", actions), _likes("resource", resources)]
    if condition is not None:
        tests.append(f'context.{_name(condition[0])} == "{condition[2]}"')
    verb = "permit" if effect == "Allow" else "forbid"
    return f"{verb}(principal, action, resource) when {{ {' && '.join(tests)} }};"


def _likes(name: str, patterns: tuple[str, ...]) -> str:
    return "(" + " || ".join(f'context.{name} like "{pattern}"' for pattern in patterns) + ")"


def _name(key: str) -> str:
    return key.replace(":", "")


def cedar_requests() -> list[dict[str, object]]:
    """The requests as Cedar takes them."""
    return [
        {
            "principal": 'User::"caller"',
            "action": 'Action::"call"',
            "resource": 'Resource::"called"',
            "context": {
                "action": action,
                "resource": resource,
                **{_name(key): value for key, value in context.items()},
            },
        }
        for action, resource, context in REQUESTS
    ]

"""Random requests that could be made, over the alphabet of `tests.model.documents`, as fast as can be."""

from __future__ import annotations

from crossaccount.policy import Request
from tests.model.documents import ADDRESSES, DATES, NUMBERS, TEXTS, A, B

FUNCTIONS = [
    f"acs:fc:cn-hangzhou:{A}:functions/f",
    f"acs:fc:cn-hangzhou:{A}:functions/F",
    f"acs:fc:eu-central-1:{B}:functions/f.x:y",
    f"acs:fc:eu-central-1:{A}:functions/long-name",
    f"acs:fc:cn-hangzhou:{A}:services/e/functions/.:x",
]
ROLES = [f"acs:ram::{A}:role/Reader", f"acs:ram:*:{A}:role/reader", f"acs:ram::{B}:role/readme"]
CALLS = [
    *((f"{service}Function", name) for service in ("fc:Get", "fc:get", "FC:Invoke") for name in FUNCTIONS),
    *((f"fc:{name}", function) for name in ("NewFunction", "x", "GetNew") for function in FUNCTIONS),
    ("fc:ListFunctions", f"acs:fc:cn-hangzhou:{A}:functions/*"),
    ("fc:ListFunctions", f"acs:fc:eu-central-1:{B}:functions/*"),
    *((action, name) for action in ("ram:GetRole", "RAM:newOne") for name in ROLES),
    ("ram:ListRoles", f"acs:ram:*:{A}:role/*"),
    ("oss:GetFunction", f"acs:oss:oss-cn-hangzhou:{A}:bucket/e"),
]
CONTEXT = {
    "acs:RequestTag/t": [*TEXTS, "team-b", "B"],
    "acs:ResourceTag/n": [*NUMBERS, "garbage", "11"],
    "acs:MFAPresent": ["true", "false"],
    "acs:SourceIp": [*ADDRESSES, "9.255.255.255", "::1"],
}
TIMES = [*DATES, "2026-03-01T00:00:00Z", "2030-01-01T00:00:00Z"]


def request(random) -> Request:
    """A request that could be made; `sts:ExternalId` belongs to none of the actions and is missing."""
    action, resource = random.choice(CALLS)
    context = {key: random.choice(values) for key, values in CONTEXT.items() if random.random() < 0.7}
    context["acs:CurrentTime"] = random.choice(TIMES)
    return Request(action, resource, context)

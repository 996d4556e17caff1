"""The permission diff: 1,000 delegations against 1,000 of which 10 changed, and how it grows to 10,000.

A delegation is a role of A with a policy of its own, and a user of B with the grant to assume it. The peer is
what reading both sides takes: their JSON, and the policies in it. Seconds are those of the processor.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.report import Ratio
from crossaccount.access import AccessGraph, graph_of, read_state
from crossaccount.access.compiled import compile_policy
from crossaccount.policy.sets.expression import region_of
from crossaccount.review import permission_diff

OWNER, PARTNER = "1234567890120000", "1345678901230000"
CHANGED, ROUNDS = 10, 5
SMALL, LARGE = 1_000, 10_000


def ratios() -> list[Ratio]:
    """At most twice what reading both sides takes; ten times as many in at most twelve times as long."""
    with TemporaryDirectory() as name:
        small = _sides(Path(name), SMALL)
        large = _sides(Path(name), LARGE)
        pairs = [_measure(*small) for _ in range(ROUNDS)]
        grown = [_measure(*large) for _ in range(3)]
    compared, read = [each[1] for each in pairs], [each[0] for each in pairs]
    return [
        Ratio(
            f"diff of {SMALL:,} delegations, {CHANGED} changed",
            compared,
            read,
            "reading both sides",
            "s",
            2,
            at_least=False,
        ),
        Ratio(
            f"diff of {LARGE:,} delegations",
            [each[1] for each in grown],
            compared,
            f"the same of {SMALL:,}",
            "s",
            12,
            at_least=False,
        ),
    ]


def _measure(before: list[Path], after: list[Path]) -> tuple[float, float]:
    """Seconds to read both sides, and to compare them; nothing is remembered from a run before."""
    compile_policy.cache_clear()
    region_of.cache_clear()
    start = time.process_time()
    graphs = [_read(paths) for paths in (before, after)]
    middle = time.process_time()
    found = permission_diff(*graphs)
    end = time.process_time()
    if len({row.role for row in found.rows}) != CHANGED:
        raise RuntimeError(f"{len(found.rows)} rows were found, of {CHANGED} roles that changed")
    return middle - start, end - middle


def _read(paths: list[Path]) -> AccessGraph:
    return graph_of([read_state(path) for path in paths])


def _sides(folder: Path, count: int) -> tuple[list[Path], list[Path]]:
    sides = []
    for name, changed in (("before", 0), ("after", CHANGED)):
        files = []
        for stack, account, make in (("a", OWNER, _owner), ("b", PARTNER, _partner)):
            resources = [_resource(stack, "pulumi:pulumi:Stack", "trial", {}, {"account": account})]
            for number in range(count):
                resources += make(number, changed=number < changed)
            path = folder / f"{name}-{stack}-{count}.json"
            path.write_text(json.dumps({"version": 3, "deployment": {"resources": resources}}))
            files.append(path)
        sides.append(files)
    return sides[0], sides[1]


def _owner(number: int, *, changed: bool) -> list[dict[str, object]]:
    role, policy = f"partner-{number}", f"work-{number}"
    trusted = {"RAM": [f"acs:ram::{PARTNER}:user/user-{number}"]}
    trust = _document({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": trusted})
    functions = f"acs:fc:*:{OWNER}:functions/team-{number}-*"
    actions = ["fc:Get*", "fc:InvokeFunction"] if changed else ["fc:Get*"]
    statement = {"Effect": "Allow", "Action": actions, "Resource": functions}
    work = {"policyName": policy, "policyDocument": _document(statement)}
    return [
        _resource("a", "alicloud:ram/role:Role", role, {"roleName": role, "assumeRolePolicyDocument": trust}),
        _resource("a", "alicloud:ram/policy:Policy", policy, work),
        _attachment("a", "role", role, policy),
    ]


def _partner(number: int, *, changed: bool) -> list[dict[str, object]]:
    del changed
    user, policy = f"user-{number}", f"assume-{number}"
    role = f"acs:ram::{OWNER}:role/partner-{number}"
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role}
    grant = {"policyName": policy, "policyDocument": _document(statement)}
    return [
        _resource("b", "alicloud:ram/user:User", user, {"name": user}),
        _resource("b", "alicloud:ram/policy:Policy", policy, grant),
        _attachment("b", "user", user, policy),
    ]


def _document(statement: dict[str, object]) -> str:
    return json.dumps({"Version": "1", "Statement": [statement]})


def _attachment(stack: str, kind: str, holder: str, policy: str) -> dict[str, object]:
    token = f"alicloud:ram/{kind}PolicyAttachment:{kind.capitalize()}PolicyAttachment"
    inputs = {f"{kind}Name": holder, "policyName": policy, "policyType": "Custom"}
    return _resource(stack, token, f"{holder}-{policy}", inputs)


def _resource(
    stack: str, type_: str, name: str, inputs: dict[str, object], outputs: dict[str, object] | None = None
) -> dict[str, object]:
    urn = f"urn:pulumi:{stack}::trial::{type_}::{name}"
    found = inputs if outputs is None else outputs
    return {"urn": urn, "custom": True, "type": type_, "inputs": inputs, "outputs": found}

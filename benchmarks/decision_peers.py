"""moto's IAM evaluator and cedarpy's batch call; run by the interpreter that has them, a line for each order.

Orders on standard input: `moto` or `cedar`. Answers: decisions a second, then how many requests were allowed.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import cedarpy
from moto.iam.access_control import IAMPolicy, PermissionResult

from benchmarks.decision_cases import REQUESTS, cedar, cedar_requests, document

ROUNDS = 5


def moto() -> tuple[float, int]:
    """The policy read once, then one call a request."""
    policy = IAMPolicy(json.dumps(document(version="2012-10-17")))
    allowed = 0
    start = time.perf_counter()
    for _ in range(ROUNDS):
        for action, resource, context in REQUESTS:
            answer = policy.is_action_permitted(action, resource, incoming_condition_values=context)
            allowed += answer is PermissionResult.PERMITTED
    return ROUNDS * len(REQUESTS) / (time.perf_counter() - start), allowed // ROUNDS


def cedar_batch() -> tuple[float, int]:
    """Policies and entities read once, then all requests in one call."""
    policies = cedarpy.PolicySet.from_str(cedar())
    entities = cedarpy.Entities.from_json_str("[]")
    requests = cedar_requests()
    start = time.perf_counter()
    for _ in range(ROUNDS):
        answers = cedarpy.is_authorized_batch(requests, policies, entities)
    spent = time.perf_counter() - start
    return ROUNDS * len(requests) / spent, sum(answer.allowed for answer in answers)


if __name__ == "__main__":
    for order in sys.stdin:
        rate, count = moto() if order.strip() == "moto" else cedar_batch()
        print(rate, count, flush=True)

"""The RAM policy language: read, decide, explain, print.

Pure: no input, no output, no clock, nothing of the project.

A statement says allow, deny or nothing. What is not understood, be it an operator, a condition key, an
element or a value, is a `PolicyError` that names it; it never means "no effect". Where a request's own
value cannot be read, an Allow is silent and a Deny applies. `crossaccount.policy.gates` puts the decisions
of a delegated call together.

Errors: `PolicyError`, a `ValueError`, for documents; plain `ValueError` for ARNs, principals and misuse.
"""

from crossaccount.policy.arn import Arn
from crossaccount.policy.condition_keys import CONDITION_KEYS, condition_key_type
from crossaccount.policy.evaluation import Decision, Request, Verdict, decide, decide_trust
from crossaccount.policy.explanation import Outcome, Reason, Source
from crossaccount.policy.gates import Gate, Gates, assume_gates, call_gates
from crossaccount.policy.operators import OPERATORS, Operator, ValueType
from crossaccount.policy.parsing import parse
from crossaccount.policy.principal import Principal
from crossaccount.policy.printing import canonical, normalized, to_document
from crossaccount.policy.problems import PolicyError, Problem
from crossaccount.policy.sizes import SIZE_LIMITS, within_size
from crossaccount.policy.statement import Condition, Effect, Policy, PolicyKind, Principals, Statement
from crossaccount.policy.system_policies import SYSTEM_POLICIES, SystemPolicy

__all__ = [  # noqa: RUF022  in plain alphabetical order, as tests/test_house.py demands
    "Arn",
    "CONDITION_KEYS",
    "Condition",
    "Decision",
    "Effect",
    "Gate",
    "Gates",
    "OPERATORS",
    "Operator",
    "Outcome",
    "Policy",
    "PolicyError",
    "PolicyKind",
    "Principal",
    "Principals",
    "Problem",
    "Reason",
    "Request",
    "SIZE_LIMITS",
    "SYSTEM_POLICIES",
    "Source",
    "Statement",
    "SystemPolicy",
    "ValueType",
    "Verdict",
    "assume_gates",
    "call_gates",
    "canonical",
    "condition_key_type",
    "decide",
    "decide_trust",
    "normalized",
    "parse",
    "to_document",
    "within_size",
]

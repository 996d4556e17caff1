"""Production and the reference model decide alike: on every small policy, and at random on larger ones."""

from __future__ import annotations

import itertools
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossaccount.policy import PolicyKind, Principal, Request, Source, decide, decide_trust, parse
from tests.model import documents, reference

A, B, C = documents.A, documents.B, documents.C
RANDOM = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
GUARDS = [{}, {"StringEquals": {"sts:ExternalId": "x"}}, {"NotIpAddress": {"acs:SourceIp": "10.0.0.0/8"}}]
CONTEXTS = [
    {},
    {"sts:ExternalId": "x", "acs:SourceIp": "10.0.0.1"},
    {"sts:ExternalId": "y", "acs:SourceIp": "192.0.2.1"},
    {"acs:SourceIp": "no address"},
]


def _statements(targets):
    for effect, target, guard in itertools.product(("Allow", "Deny"), targets, GUARDS):
        yield {"Effect": effect, **target, **({"Condition": guard} if guard else {})}


def _documents(targets):
    every = list(_statements(targets))
    for chosen in itertools.chain(
        ((each,) for each in every), itertools.combinations_with_replacement(every, 2)
    ):
        yield {"Version": "1", "Statement": list(chosen)}


def test_every_small_identity_policy_is_decided_as_the_model_says() -> None:
    """All policies of at most two statements over eight targets, on sixteen requests each."""
    names = [
        {"Action": "fc:Get?"},
        {"NotAction": ["FC:GETF"]},
        {"Action": "*"},
        {"NotAction": ["fc:*", "*:Del"]},
    ]
    targets = [
        {**name, "Resource": resource}
        for name, resource in itertools.product(names, ("*", f"acs:ram::{A}:role/r"))
    ]
    asked = list(itertools.product(("fc:GetF", "fc:Del"), (f"acs:ram:*:{A}:role/R", "acs:fc:::f"), CONTEXTS))
    for document in _documents(targets):
        sources = [Source("policy", parse(document, PolicyKind.IDENTITY))]
        for action, resource, context in asked:
            found = decide(sources, Request(action, resource, context)).verdict.value

            assert found == reference.verdict([document], action, resource, context), (
                document,
                action,
                context,
            )


def test_every_small_trust_policy_is_decided_as_the_model_says() -> None:
    """All trust policies of at most two statements over four principals, for eight callers each."""
    targets = [{"Action": "sts:AssumeRole", "Principal": named} for named in documents.NAMED[:4]]
    role = f"acs:ram::{A}:role/r"
    for document in _documents(targets):
        trust = Source("trust", parse(document, PolicyKind.TRUST))
        for (kind, account, name), context in itertools.product(documents.PRINCIPALS, CONTEXTS[:3]):
            request = Request("sts:AssumeRole", role, context)
            found = decide_trust(trust, Principal(account, kind, name), request).verdict.value

            assert found == reference.verdict(
                [document], "sts:AssumeRole", role, context, (kind, account, name)
            )


@RANDOM
@given(
    written=st.lists(documents.policies(), min_size=1, max_size=2),
    action=st.sampled_from(documents.ACTIONS),
    resource=st.sampled_from(documents.RESOURCES),
    context=documents.contexts(),
)
def test_identity_policies_are_decided_as_the_model_says(written, action, resource, context) -> None:
    """Any identity policies, any request: one verdict."""
    sources = [Source("policy", parse(each, PolicyKind.IDENTITY)) for each in written]
    decision = decide(sources, Request(action, resource, context))

    assert decision.verdict.value == reference.verdict(written, action, resource, context)


@RANDOM
@given(
    written=documents.policies(trust=True),
    caller=st.sampled_from(documents.PRINCIPALS),
    context=documents.contexts(),
)
def test_trust_policies_are_decided_as_the_model_says(written, caller, context) -> None:
    """Any trust policy, any principal: one verdict, and reasons that agree with it."""
    kind, account, name = caller
    role = f"acs:ram::{A}:role/r"
    trust = Source("trust", parse(written, PolicyKind.TRUST))
    decision = decide_trust(trust, Principal(account, kind, name), Request("sts:AssumeRole", role, context))

    assert decision.verdict.value == reference.verdict([written], "sts:AssumeRole", role, context, caller)
    said = [
        (reference.says(each, "sts:AssumeRole", role, context, caller) or "silent").lower()
        for each in written["Statement"]
    ]
    assert [reason.outcome.value for reason in decision.reasons] == said


def test_the_model_stays_short() -> None:
    """A model is trusted because it is read in a minute: at most 120 lines."""
    assert len(Path(reference.__file__).read_text(encoding="utf-8").splitlines()) <= 120

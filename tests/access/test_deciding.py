"""Three-valued decisions agree with the evaluator where all is known, and bound it where not."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from crossaccount.access.asking import ALWAYS_SENT, Asking
from crossaccount.access.compiled import compile_policy
from crossaccount.access.deciding import decide_grants, decide_trusted
from crossaccount.access.documents import Document
from crossaccount.access.nodes import Grant
from crossaccount.access.origin import Origin
from crossaccount.access.ruling import Outcome
from crossaccount.policy import PolicyKind, Principal, Request, decide, decide_trust
from tests.access.states import allow, document
from tests.model.documents import ACTIONS, PRINCIPALS, RESOURCES, A, contexts, policies

NOWHERE = Origin("nowhere")


def grant(policy, certain=True):
    compiled = compile_policy(json.dumps(policy), PolicyKind.IDENTITY)
    return Grant(Document("Custom", "p", A, compiled), NOWHERE, certain=certain)


def known(context):
    """A context in which nothing is open: a key that is not given is missing."""
    return Asking({**dict.fromkeys(ALWAYS_SENT, ()), **context})


@settings(max_examples=150, deadline=None)
@given(
    documents=st.lists(policies(), max_size=2),
    action=st.sampled_from(ACTIONS),
    resource=st.sampled_from(RESOURCES),
    context=contexts(),
)
def test_identity_policies_are_decided_as_the_evaluator_does(documents, action, resource, context):
    """With every key known the gate is open exactly where the evaluator allows."""
    grants = [grant(each) for each in documents]
    decision = decide([each.document.source() for each in grants], Request(action, resource, context))

    ruling = decide_grants(grants, action, resource, known(context))

    assert ruling.outcome is (Outcome.OPEN if decision.allowed else Outcome.CLOSED)


@settings(max_examples=150, deadline=None)
@given(
    trusting=policies(trust=True),
    principal=st.sampled_from(PRINCIPALS),
    context=contexts(),
)
def test_trust_policies_are_decided_as_the_evaluator_does(trusting, principal, context):
    """The same for a role's trust policy."""
    kind, account, name = principal
    who = Principal(account, kind, name)
    compiled = compile_policy(json.dumps(trusting), PolicyKind.TRUST)
    trust = Document("Trust", "r", A, compiled)
    request = Request("sts:AssumeRole", RESOURCES[4], context)

    ruling = decide_trusted(trust, who, request.action, request.resource, known(context), named=True)

    allowed = decide_trust(trust.source(), who, request).allowed
    assert ruling.outcome is (Outcome.OPEN if allowed else Outcome.CLOSED)


@settings(max_examples=150, deadline=None)
@given(
    documents=st.lists(policies(), min_size=1, max_size=2),
    action=st.sampled_from(ACTIONS),
    resource=st.sampled_from(RESOURCES),
    context=contexts(),
)
def test_open_conditions_bound_every_request(documents, action, resource, context):
    """Where everything is left open, no request is allowed at a closed gate or refused at an open one."""
    grants = [grant(each) for each in documents]
    ruling = decide_grants(grants, action, resource, Asking(supposing=True))

    allowed = decide([each.document.source() for each in grants], Request(action, resource, context)).allowed

    assert not (allowed and ruling.outcome is Outcome.CLOSED)
    assert allowed or ruling.outcome is not Outcome.OPEN


def look(*grants, **options):
    return decide_grants(grants, "fc:GetFunction", RESOURCES[0], Asking(**options))


def test_a_value_that_cannot_be_read_fails_closed():
    """An Allow that asks for it is silent, a Deny applies."""
    condition = {"IpAddress": {"acs:SourceIp": "10.0.0.0/8"}}
    garbage = {"given": {"acs:SourceIp": "garbage"}}
    everything = grant(json.loads(document(allow("*"))))

    assert look(grant(json.loads(document(allow("fc:*", **condition)))), **garbage).outcome is Outcome.CLOSED
    denied = grant(json.loads(document(allow("fc:*", effect="Deny", **condition))))
    assert look(everything, denied, **garbage).outcome is Outcome.CLOSED


def test_a_condition_that_is_not_decided_is_told_not_assumed():
    """The sets of conditions are alternatives; a Deny's set is what must not hold."""
    ruling = look(
        grant(
            json.loads(
                document(allow("fc:*", StringEquals={"sts:ExternalId": "x"}, Bool={"acs:MFAPresent": "true"}))
            )
        ),
        grant(json.loads(document(allow("*", effect="Deny", IpAddress={"acs:SourceIp": "10.0.0.0/8"})))),
        supposing=True,
    )

    assert ruling.outcome is Outcome.IF
    assert [[each.key for each in one] for one in ruling.alternatives] == [
        ["sts:ExternalId", "acs:MFAPresent"]
    ]
    assert [[each.key for each in one] for one in ruling.unless] == [["acs:SourceIp"]]


def test_a_key_that_every_request_has_is_open_and_any_other_is_missing():
    """Asked about one request, an external id that is not given was not sent; an address was."""
    by_id = grant(json.loads(document(allow("fc:*", StringEquals={"sts:ExternalId": "x"}))))
    by_address = grant(json.loads(document(allow("fc:*", IpAddress={"acs:SourceIp": "10.0.0.0/8"}))))

    assert look(by_id).outcome is Outcome.CLOSED
    assert look(by_address).outcome is Outcome.IF
    assert look(by_address, given={"acs:SourceIp": "10.1.1.1"}).outcome is Outcome.OPEN


def test_what_is_over_is_closed_and_what_will_end_is_a_condition():
    """Supposing anything, an Allow until yesterday allows nobody; one until tomorrow says until when."""
    until = grant(
        json.loads(document(allow("fc:*", DateLessThan={"acs:CurrentTime": "2026-06-01T00:00:00Z"})))
    )
    denied = grant(
        json.loads(
            document(
                allow("*"),
                allow("*", effect="Deny", DateGreaterThan={"acs:CurrentTime": "2026-06-01T00:00:00Z"}),
            )
        )
    )

    assert look(until, supposing=True, now="2026-07-01T00:00:00Z").outcome is Outcome.CLOSED
    assert look(until, supposing=True, now="2026-05-01T00:00:00Z").outcome is Outcome.IF
    assert look(denied, supposing=True, now="2026-07-01T00:00:00Z").outcome is Outcome.CLOSED
    assert look(denied, supposing=True, now="2026-05-01T00:00:00Z").outcome is Outcome.IF


def test_a_grant_that_is_not_certain_is_never_sure():
    """It may allow, and a Deny in it may take away what is allowed for sure."""
    sure = grant(json.loads(document(allow("fc:*"))))
    maybe = grant(json.loads(document(allow("fc:*"))), certain=False)
    maybe_deny = grant(json.loads(document(allow("fc:*", effect="Deny"))), certain=False)

    assert look(maybe).outcome is Outcome.UNKNOWN
    assert look(sure, maybe).outcome is Outcome.OPEN
    assert look(sure, maybe_deny).outcome is Outcome.UNKNOWN
    assert look(maybe_deny).outcome is Outcome.CLOSED
    assert look(grant(json.loads(document(allow("ram:*")))), maybe_deny).outcome is Outcome.CLOSED

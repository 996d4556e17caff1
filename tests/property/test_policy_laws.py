"""The laws of the policy language: printing, order, the strength of Deny, wildcards."""

from __future__ import annotations

import copy
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossaccount.policy import (
    PolicyKind,
    Request,
    Source,
    Verdict,
    canonical,
    decide,
    normalized,
    parse,
    to_document,
)
from crossaccount.policy.wildcard import Wildcards
from tests.model import documents
from tests.model.reference import glob

LAWS = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
KINDS = st.sampled_from([PolicyKind.IDENTITY, PolicyKind.TRUST, PolicyKind.SESSION])
REQUESTS = st.builds(
    Request, st.sampled_from(documents.ACTIONS), st.sampled_from(documents.RESOURCES), documents.contexts()
)
PATTERN = st.text("ab*?.", max_size=8)


@st.composite
def written(draw):
    """A kind of policy and a document of it."""
    kind = draw(KINDS)
    return kind, draw(documents.policies(trust=kind is PolicyKind.TRUST))


@st.composite
def respelled(draw, value):
    """The same document in another spelling: other order, one value for a list of one, values twice."""
    if isinstance(value, dict):
        keys = draw(st.permutations(list(value)))
        return {
            key: value[key] if key in ("Version", "Effect") else draw(respelled(value[key])) for key in keys
        }
    if isinstance(value, str):
        return draw(st.sampled_from([value, [value], [value, value]]))
    entries = draw(st.permutations([*value, draw(st.sampled_from(value))]))
    if len(set(map(str, entries))) == 1 and isinstance(entries[0], str):
        return entries[0]
    return [draw(respelled(each)) if isinstance(each, dict) else each for each in entries]


def _sources(*policies):
    return [Source("policy", parse(each, PolicyKind.IDENTITY)) for each in policies]


@LAWS
@given(written())
def test_a_printed_policy_reads_back_equal(given_policy) -> None:
    """`parse` of `to_document`, and of its JSON text, is the policy."""
    kind, document = given_policy
    policy = parse(document, kind)

    assert parse(to_document(policy), kind) == policy
    assert parse(json.dumps(document), kind) == policy


@LAWS
@given(written())
def test_the_canonical_form_is_its_own(given_policy) -> None:
    """`canonical` reads back to the normalized policy, whose canonical form is the same text."""
    kind, document = given_policy
    policy = parse(document, kind)
    text = canonical(policy)

    assert parse(text, kind) == normalized(policy) == normalized(normalized(policy))
    assert canonical(parse(text, kind)) == text


@LAWS
@given(st.data())
def test_all_spellings_of_a_policy_have_one_canonical_form(data) -> None:
    """Order, one value or a list of one, and duplicates do not show in the canonical form."""
    kind, document = data.draw(written())
    before = copy.deepcopy(document)
    other = data.draw(respelled(document))

    assert canonical(parse(other, kind)) == canonical(parse(document, kind))
    assert document == before


@LAWS
@given(documents.policies(), REQUESTS, st.data())
def test_order_and_spelling_do_not_decide(document, request, data) -> None:
    """The verdict is that of any other spelling of the policy, and of its normalized form."""
    verdict = decide(_sources(document), request).verdict
    policy = normalized(parse(document, PolicyKind.IDENTITY))

    assert decide(_sources(data.draw(respelled(document))), request).verdict is verdict
    assert decide([Source("normalized", policy)], request).verdict is verdict


@LAWS
@given(documents.policies(), documents.policies(), REQUESTS)
def test_deny_wins_across_policies(first, second, request) -> None:
    """Two policies deny together if either does, else allow if either does, in either order."""
    alone = {decide(_sources(each), request).verdict for each in (first, second)}
    strongest = next(
        each for each in (Verdict.EXPLICIT_DENY, Verdict.ALLOW, Verdict.IMPLICIT_DENY) if each in alone
    )

    assert decide(_sources(first, second), request).verdict is strongest
    assert decide(_sources(second, first), request).verdict is strongest


@LAWS
@given(documents.policies(), documents.statements(), REQUESTS)
def test_one_more_statement_moves_the_verdict_only_its_own_way(document, statement, request) -> None:
    """An Allow never lifts a deny and never takes an allow away; a Deny never allows."""
    before = decide(_sources(document), request).verdict
    allow = {**document, "Statement": [*document["Statement"], {**statement, "Effect": "Allow"}]}
    deny = {**document, "Statement": [*document["Statement"], {**statement, "Effect": "Deny"}]}

    after = decide(_sources(allow), request).verdict
    assert after is before or (before is Verdict.IMPLICIT_DENY and after is Verdict.ALLOW)
    assert decide(_sources(deny), request).verdict in (before, Verdict.EXPLICIT_DENY)


@LAWS
@given(documents.policies(), REQUESTS)
def test_reasons_give_the_verdict(document, request) -> None:
    """The verdict is what the statements' outcomes say, and the explanation has a line for each."""
    decision = decide(_sources(document), request)
    outcomes = [reason.outcome.value for reason in decision.reasons]
    expected = "explicit deny" if "deny" in outcomes else "allow" if "allow" in outcomes else "implicit deny"

    assert decision.verdict.value == expected
    assert len(decision.explain().splitlines()) == 1 + len(document["Statement"])


@LAWS
@given(documents.policies(), REQUESTS)
def test_an_unreadable_value_never_helps(document, request) -> None:
    """What is allowed with an unreadable address and time is allowed with every readable one."""
    broken = Request(
        request.action, request.resource, {**request.context, "acs:SourceIp": "x", "acs:CurrentTime": "x"}
    )
    readable = [
        Request(
            request.action, request.resource, {**request.context, "acs:SourceIp": ip, "acs:CurrentTime": date}
        )
        for ip in documents.ADDRESSES
        for date in documents.DATES
    ]

    if decide(_sources(document), broken).allowed:
        assert all(decide(_sources(document), each).allowed for each in readable)


@settings(max_examples=500, deadline=None)
@given(st.lists(PATTERN, max_size=3), st.text("ab.\n", max_size=10))
def test_wildcards_match_as_the_naive_matcher_does(patterns, text) -> None:
    """Any patterns, any text: the compiled set and the recursive definition agree."""
    assert Wildcards(patterns).match(text) == any(glob(each, text) for each in patterns)


@LAWS
@given(st.text(max_size=20))
def test_a_text_without_wildcards_matches_itself_alone(text) -> None:
    """Every character but the two wildcards is itself, regular expression characters included."""
    plain = text.replace("*", "").replace("?", "")

    assert Wildcards([f"?{plain}*"]).match(f"x{plain}")
    assert not Wildcards([f"{plain}?"]).match(plain)

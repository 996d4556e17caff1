"""What follows from a type's declared inputs: checks, and what counts as a change."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossaccount.engine.resources import RESOURCE_TYPES
from crossaccount.engine.resources.documents import same_document, statements_of, trusted, version_of

ROTATING = "DeleteOldestNonDefaultVersionWhenLimitExceeded"
ROLE = RESOURCE_TYPES["alicloud:ram/role:Role"]
POLICY = RESOURCE_TYPES["alicloud:ram/policy:Policy"]
USER = RESOURCE_TYPES["alicloud:ram/user:User"]
LOGIN = RESOURCE_TYPES["alicloud:ram/loginProfile:LoginProfile"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@pytest.mark.parametrize(
    ("kind", "inputs", "problem"),
    [
        (ROLE, {"maxSessionDuration": "3600"}, "`maxSessionDuration` takes a whole number, not str"),
        (ROLE, {"maxSessionDuration": True}, "`maxSessionDuration` takes a whole number, not bool"),
        (ROLE, {"maxSessionDuration": 3600.5}, "`maxSessionDuration` takes a whole number, not float"),
        (ROLE, {"force": "yes"}, "`force` takes true or false, not str"),
        (ROLE, {"tags": ["a"]}, "`tags` takes names with values, not list"),
        (ROLE, {"roleName": ""}, "`roleName` is empty"),
        (ROLE, {"assumeRolePolicyDocument": "[]"}, "`assumeRolePolicyDocument` is not a JSON object"),
        (
            POLICY,
            {"policyDocument": '{"a":'},
            "`policyDocument` is not JSON: Expecting value at line 1, column 6",
        ),
        (
            POLICY,
            {"rotateStrategy": "Never"},
            f"`rotateStrategy` is `Never`; it takes `None` or `{ROTATING}`",
        ),
        (USER, {"comments": "x" * 129}, "`comments` has 129 characters; at most 128 are allowed"),
    ],
)
def test_a_wrong_input_is_told_in_the_users_words(kind, inputs, problem):
    """Each problem names the input, what is wrong and what is allowed."""
    assert kind.check(inputs) == (problem,)


def test_all_problems_are_told_at_once():
    """Every wrong input is named, not the first alone."""
    assert len(ROLE.check({"force": 1, "tags": 1, "description": 1})) == 3


def test_an_input_not_known_yet_is_no_problem():
    """A preview leaves out what it does not know; that is not a missing input."""
    assert ROLE.check({"description": "known"}) == ()


def test_numbers_as_the_engine_sends_them_are_whole():
    """Pulumi sends every number as a float; a whole one is fine."""
    assert ROLE.check({"maxSessionDuration": 3600.0}) == ()


@pytest.mark.parametrize(
    ("kind", "name", "old", "new", "ignored"),
    [
        (ROLE, "description", "", None, True),
        (ROLE, "description", None, "", True),
        (ROLE, "description", "x", None, False),
        (ROLE, "tags", {}, None, True),
        (ROLE, "tags", {"a": "1"}, None, False),
        (ROLE, "maxSessionDuration", 3600, 3600.0, True),
        (ROLE, "maxSessionDuration", None, 3600, False),
        (ROLE, "roleName", "a", "A", False),
        (ROLE, "force", None, False, False),
        (LOGIN, "mfaBindRequired", True, None, True),
        (LOGIN, "passwordResetRequired", True, None, False),
        (POLICY, "policyDocument", "{", "{ ", False),
    ],
)
def test_what_means_the_same_to_the_provider_is_no_change(kind, name, old, new, ignored):
    """Empty and absent texts and tags are one, and so is what the provider fills in when left out."""
    assert kind.diff_ignores(name, old, new) is ignored


@given(st.dictionaries(st.text(max_size=5), JSON, max_size=4))
def test_a_document_means_the_same_in_any_order_of_keys(value):
    """Reversing the keys and changing white space leaves a document the same."""
    assert same_document(json.dumps(value), json.dumps(_reversed(value), indent=3))


@given(JSON, JSON)
def test_documents_are_the_same_only_when_their_json_is(one, other):
    """Two JSON objects are one document exactly when they are equal, types included."""
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert same_document(json.dumps({"a": one}), json.dumps({"a": other})) is same


def _reversed(value):
    if isinstance(value, dict):
        return {key: _reversed(item) for key, item in reversed(value.items())}
    return [_reversed(item) for item in value] if isinstance(value, list) else value


def test_statements_are_taken_apart_like_the_provider_does():
    """Texts become lists, absent elements empty ones, and equal statements one."""
    allow = {"Effect": "Allow", "Action": "fc:Get*", "Resource": ["a", "b"], "Condition": {}}
    deny = {"Effect": "Deny", "NotAction": "fc:*", "Resource": "*"}
    found = statements_of(json.dumps({"Version": "1", "Statement": [allow, deny, allow]}))
    assert sorted(found, key=lambda each: each["effect"]) == [
        {"actions": ["fc:Get*"], "effect": "Allow", "resources": ["a", "b"]},
        {"actions": [""], "effect": "Deny", "resources": ["*"]},
    ]


@pytest.mark.parametrize(
    "document",
    [
        "",
        "[]",
        "{}",
        '{"Statement": {}}',
        '{"Statement": []}',
        '{"Statement": [1]}',
        '{"Statement": [{"Principal": "*"}]}',
        '{"Statement": [{"Principal": {"RAM": "acs:ram::1:root"}}]}',
    ],
)
def test_a_document_of_another_form_has_no_principals(document):
    """What the provider would crash on gives empty outputs (facts 7.6)."""
    assert trusted(document, "RAM") == []
    assert version_of(document) == "1"

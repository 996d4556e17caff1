"""The comparison of two permission sets: verdict, rows, witnesses, and what it cannot tell."""

from __future__ import annotations

import pytest

from crossaccount.policy import SYSTEM_POLICIES, Condition, PolicyKind, Principal, Request, Source, parse
from crossaccount.policy.catalogue import AccessClass
from crossaccount.policy.comparison import Change, compare
from crossaccount.policy.sets import PermissionSet, permission_set, trust_set
from crossaccount.policy.sets.expression import Policies
from tests.model.documents import A, B

ROLE = f"acs:ram::{A}:role/reader"
TOO_LARGE = f"acs:fc:*:{A}:*a" + "?" * 14


def _statement(action, resource="*", effect="Allow", **conditions):
    statement = {"Effect": effect, "Action": action, "Resource": resource}
    return {**statement, "Condition": conditions} if conditions else statement


def _set(*statements):
    return permission_set(
        [Source("p", parse({"Version": "1", "Statement": list(statements)}, PolicyKind.IDENTITY))]
    )


def _system(name):
    return permission_set([Source(name, parse(SYSTEM_POLICIES[name].document, PolicyKind.IDENTITY))])


def _texts(rows):
    """Each row in one line: actions, resources, conditions."""
    return [
        " | ".join(
            [
                "; ".join(map(str, row.actions)),
                "; ".join(map(str, row.resources)),
                *map(str, row.limits),
            ]
        )
        for row in rows
    ]


def test_a_deny_beside_a_wider_allow_is_seen_through() -> None:
    """First invisible change: `fc:Get*` becomes `fc:*` with a deny of what deletes and invokes."""
    found = compare(
        _set(_statement("fc:Get*")),
        _set(_statement("fc:*"), _statement(["fc:Delete*", "fc:Invoke*"], effect="Deny")),
    )

    assert found.verdict is Change.MORE
    assert _texts(found.gained) == ["fc:* except fc:Delete*, fc:Get*, fc:Invoke* | *"]
    assert found.lost == found.cannot_tell == ()
    (row,) = found.gained
    assert {AccessClass.WRITE, AccessClass.READ} == row.classes
    assert "fc:UpdateFunction" in [action.name for action in row.known_actions]
    assert row.unknown_actions
    assert row.wildcard


def test_a_deny_of_all_that_is_added_is_no_change() -> None:
    """`fc:*` with a deny of all but `fc:Get*` is `fc:Get*`: proven, in another spelling."""
    deny = {"Effect": "Deny", "NotAction": ["fc:Get*"], "Resource": "*"}

    assert compare(_set(_statement("fc:Get*")), _set(_statement("fc:*"), deny)).verdict is Change.SAME


def test_a_custom_policy_equal_to_a_system_policy_is_no_change() -> None:
    """Second invisible change: AliyunFCReadOnlyAccess becomes a custom policy of the same meaning."""
    custom = _set(_statement("FC:List*", ["*"]), _statement(["fc:Get*", "fc:GetFunction"]))

    assert compare(_system("AliyunFCReadOnlyAccess"), custom).verdict is Change.SAME


def test_a_custom_policy_unlike_a_system_policy_is_shown() -> None:
    """Second invisible change: what the custom policy adds and takes away is said in its own words."""
    functions = f"acs:fc:*:{A}:functions/*"
    custom = _set(_statement("fc:Get*", functions), _statement(["fc:List*", "fc:InvokeFunction"]))
    found = compare(_system("AliyunFCReadOnlyAccess"), custom)

    assert found.verdict is Change.INCOMPARABLE
    assert _texts(found.gained) == ["fc:InvokeFunction | *"]
    assert found.gained[0].classes == {AccessClass.INVOKE}
    assert not found.gained[0].unknown_actions
    assert _texts(found.lost) == [f"fc:Get* | * except {functions}"]


def test_a_grant_that_opens_a_door_is_a_gain_behind_it() -> None:
    """Third invisible change, the part of policies: B's user may now assume A's role, itself unchanged."""
    trust = Source(
        "trust",
        parse(
            {
                "Version": "1",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": "sts:AssumeRole",
                        "Principal": {"RAM": f"acs:ram::{B}:root"},
                        "Condition": {"StringEquals": {"sts:ExternalId": "x1"}},
                    }
                ],
            },
            PolicyKind.TRUST,
        ),
    )
    trusted = trust_set(trust, Principal(B, "user", "alice"))
    read = _system("AliyunFCReadOnlyAccess")
    before = read.behind(PermissionSet.nothing() & trusted, "sts:AssumeRole", ROLE)
    after = read.behind(_system("AliyunSTSAssumeRoleAccess") & trusted, "sts:AssumeRole", ROLE)
    found = compare(before, after)

    assert found.verdict is Change.MORE
    assert _texts(found.gained) == [f"fc:Get*; fc:List* | * | sts:ExternalId is `x1` when assuming {ROLE}"]
    witness = found.gained[0].witness
    assert witness.steps[ROLE] == Request("sts:AssumeRole", ROLE, {"sts:ExternalId": "x1"})
    assert after.allows(witness) is True
    assert before.allows(witness) is False
    assert compare(after, before).verdict is Change.LESS


EIGHT_IN_CHINA = "2026-01-01T08:00:00+08:00"
FUNCTION = f"acs:fc:*:{A}:functions/f"
SPELLINGS = {
    "split": ([_statement(["fc:Get*", "fc:List*"])], [_statement("fc:List*"), _statement("fc:Get*")]),
    "narrower beside": ([_statement("fc:*")], [_statement("fc:*"), _statement("fc:GetFunction", FUNCTION)]),
    "wildcards turned": ([_statement("fc:A?*")], [_statement("fc:a*?")]),
    "role": (
        [_statement("ram:*", f"acs:ram:*:{A}:role/Reader")],
        [_statement("ram:*", f"acs:ram::{A}:role/READER")],
    ),
    "service of the resource": ([_statement("*", "acs:fc:*")], [_statement("fc:*", "acs:fc:*")]),
    "both truth values": (
        [_statement("fc:*")],
        [_statement("fc:*", Bool={"acs:SecureTransport": ["true", "false"]})],
    ),
    "a list split": (
        [_statement("fc:*", StringEquals={"acs:UserAgent": ["a", "b"]})],
        [_statement("fc:*", StringEquals={"acs:UserAgent": each}) for each in "ab"],
    ),
    "networks joined": (
        [_statement("fc:*", IpAddress={"acs:SourceIp": "10.0.0.0/8"})],
        [_statement("fc:*", IpAddress={"acs:SourceIp": each}) for each in ("10.128.0.0/9", "10.0.0.0/9")],
    ),
    "a deny for a condition": (
        [_statement("fc:*", DateLessThan={"acs:CurrentTime": "2026-01-01T00:00:00Z"})],
        [
            _statement("fc:*"),
            _statement("*", effect="Deny", DateGreaterThanEquals={"acs:CurrentTime": EIGHT_IN_CHINA}),
        ],
    ),
    "a list of one function": (
        [_statement("fc:Get*")],
        [_statement("fc:Get*"), _statement("fc:ListFunctions", FUNCTION)],
    ),
    "a key of another action": (
        [_statement("fc:Get*")],
        [_statement("fc:Get*"), _statement("fc:*", StringEquals={"sts:ExternalId": "x"})],
    ),
}


@pytest.mark.parametrize(("before", "after"), SPELLINGS.values(), ids=SPELLINGS)
def test_another_spelling_is_no_change(before, after) -> None:
    """What means the same for every request that could be made is the same, in both directions."""
    assert compare(_set(*before), _set(*after)).verdict is Change.SAME
    assert compare(_set(*after), _set(*before)).verdict is Change.SAME


def test_equal_sources_are_never_computed(monkeypatch) -> None:
    """Sets of the same canonical documents are the same at once, whatever their labels and order."""
    monkeypatch.setattr(Policies, "region", None)
    read, invoke = _statement(["fc:Get*"]), _statement("fc:InvokeFunction")

    assert compare(_set(read, invoke), _set(invoke, read)).verdict is Change.SAME


def test_rows_are_the_widest() -> None:
    """A deny that ends leaves one row for each way to be outside what was denied before."""
    denied = _statement("fc:Get*", f"acs:fc:*:{A}:functions/x", effect="Deny")
    found = compare(PermissionSet.nothing(), _set(_statement("fc:*"), denied))

    assert sorted(_texts(found.gained)) == [
        "fc:* except fc:Get* | *",
        f"fc:* | * except acs:fc:*:{A}:functions/x",
    ]


def test_terms_that_make_up_for_each_other_do_not_both_go() -> None:
    """Of three overlapping terms two can each be spared, not both: what is left still says every action."""
    condition = {"StringEquals": {"sts:ExternalId": "a"}}
    found = compare(
        _set(_statement("*", **condition)),
        _set(
            {"Effect": "Allow", "NotAction": ["ram:*", "*:*Function"], "Resource": "*"},
            {"Effect": "Allow", "NotAction": ["fc:*t*n*", "fc:*"], "Resource": "*"},
        ),
    )

    assert [text.partition(" | ")[0] for text in _texts(found.gained)] == [
        "* except fc:*t*n*; * except *:*Function"
    ]


def test_conditions_are_said_in_words() -> None:
    """Times, networks, numbers, truth values and texts, with what a missing key means."""
    before = _set(_statement("fc:*", DateLessThan={"acs:CurrentTime": "2026-01-01T00:00:00Z"}))
    later = _set(_statement("fc:*", DateLessThan={"acs:CurrentTime": "2027-01-01T00:00:00Z"}))
    (row,) = compare(before, later).gained
    assert _texts([row]) == [
        "fc:* | * | acs:CurrentTime is from 2026-01-01T00:00:00Z to before 2027-01-01T00:00:00Z"
    ]
    assert row.limits[0].before == "2027-01-01T00:00:00Z"
    assert row.witness.request.context == {"acs:CurrentTime": "2026-01-01T00:00:00Z"}

    conditions = {
        "NotIpAddress": {"acs:SourceIp": ["10.0.0.0/8", "2001:db8::1"]},
        "NumericGreaterThan": {"acs:ResourceTag/n": "1.50"},
        "Bool": {"acs:MFAPresent": "true"},
        "StringLike": {"acs:UserAgent": "curl*"},
        "StringNotLike": {"acs:UserAgent": "*bad*"},
        "StringEqualsIgnoreCase": {"acs:RequestTag/t": "Team"},
    }
    (row,) = compare(PermissionSet.nothing(), _set(_statement("fc:*", **conditions))).gained
    assert list(map(str, row.limits)) == [
        "acs:MFAPresent is true",
        "acs:RequestTag/t is `Team in any letter case`",
        "acs:ResourceTag/n is above 1.50",
        "acs:SourceIp is not in 10.0.0.0/8, 2001:db8::1/128 or is missing",
        "acs:UserAgent is `curl*` but not `*bad*`",
    ]
    assert row.limits[3].missing
    assert row.limits[0].before is None


def test_a_witness_names_a_value_where_a_key_must_be_there() -> None:
    """Every condition of the row is met by plain, well-formed values; what may be missing is."""
    found = compare(
        PermissionSet.nothing(),
        _set(
            _statement(
                "sts:AssumeRole",
                ROLE,
                StringLike={"sts:ExternalId": "*"},
                StringNotEquals={"acs:UserAgent": "x"},
                IpAddress={"acs:SourceIp": "0.0.0.0/0"},
                NumericLessThan={"acs:ResourceTag/n": "-3"},
            )
        ),
    )

    assert found.gained[0].witness.request == Request(
        "sts:AssumeRole",
        ROLE,
        {"acs:ResourceTag/n": "-4", "acs:SourceIp": "203.0.113.7", "sts:ExternalId": "aa"},
    )


def test_an_opaque_set_is_an_entry_of_its_own() -> None:
    """What a policy that is not known may add, beyond what is there, is said with its name and reason."""
    unknown = PermissionSet.opaque("system policy `X`", "its document is not known")
    found = compare(_set(_statement("fc:*")), _set(_statement("fc:*")) | unknown)

    assert found.verdict is Change.CANNOT_TELL
    (entry,) = found.cannot_tell
    assert (entry.entry, entry.why) == ("system policy `X`", "its document is not known")
    assert entry.may_gain
    assert not entry.may_lose
    assert [str(term) for term in entry.actions] == ["* except fc:*"]
    assert entry.may_hold(Request("ram:GetRole", ROLE))
    assert compare(unknown, unknown | _set(_statement("fc:*"))).verdict is Change.CANNOT_TELL


def test_what_is_certain_is_told_beside_what_is_not() -> None:
    """A gain that holds whatever the unknown policy says is a row with a witness."""
    unknown = PermissionSet.opaque("output `policyArn`", "its value is unknown until `up`")
    before, after = _set(_statement("fc:Get*")), _set(_statement("fc:Get*"), _statement("fc:InvokeFunction"))
    both = compare(before, after | unknown)

    assert both.verdict is Change.MORE
    assert _texts(both.gained) == ["fc:InvokeFunction | *"]
    assert both.cannot_tell[0].entry == "output `policyArn`"
    bounded = compare(before, before | (unknown & PermissionSet.of(["fc:Delete*"], ["*"])))
    assert [str(term) for entry in bounded.cannot_tell for term in entry.actions] == ["fc:Delete*"]


def test_a_pattern_that_is_too_large_is_an_entry() -> None:
    """A policy is never left out: the pattern is named, and what it could reach."""
    found = compare(
        _set(_statement("ram:GetRole")), _set(_statement("ram:GetRole"), _statement("fc:*", TOO_LARGE))
    )

    assert found.verdict is Change.CANNOT_TELL
    (entry,) = found.cannot_tell
    assert entry.entry == f"Resource {TOO_LARGE}"
    assert "states" in entry.why
    assert [str(term) for term in entry.resources] == ["acs:fc:*"]


def test_the_same_large_pattern_on_both_sides_is_no_change() -> None:
    """What cannot be computed still equals itself; what changes beside it is told."""
    large = _statement("fc:*", TOO_LARGE)
    found = compare(_set(large), _set(large, _statement("ram:GetRole")))

    assert found.verdict is Change.MORE
    assert _texts(found.gained) == ["ram:GetRole | *"]
    assert found.cannot_tell == ()


def test_a_tangle_of_patterns_is_cannot_tell() -> None:
    """Where every pattern is small and all together are not, the comparison says so as a whole."""
    denies = [_statement(f"fc:*t{n}*", f"acs:fc:*:{A}:*app{n}-*", effect="Deny") for n in range(14)]
    found = compare(_set(_statement("fc:Get*")), _set(_statement("fc:*"), *denies))

    assert found.verdict is Change.CANNOT_TELL
    assert found.cannot_tell[0].entry == "the policies together"
    assert found.cannot_tell[0].may_hold(Request("fc:GetFunction", ROLE))


def test_a_key_asked_as_text_and_as_number_has_a_witness_for_both() -> None:
    """A tag compared as a text before and as a number after: each value meets one and not the other."""
    before = _set(_statement("fc:*", StringLike={"acs:ResourceTag/n": "1*"}))
    after = _set(_statement("fc:*", NumericLessThan={"acs:ResourceTag/n": "10"}))
    found = compare(before, after)

    assert found.verdict is Change.INCOMPARABLE
    (gained,), (lost,) = found.gained, found.lost
    assert [str(limit) for limit in gained.limits] == [
        "acs:ResourceTag/n is below 10",
        "acs:ResourceTag/n is not `1*` or is missing",
    ]
    assert float(gained.witness.request.context["acs:ResourceTag/n"]) < 10
    assert lost.witness.request.context["acs:ResourceTag/n"].startswith("1")


def test_a_text_and_a_number_that_exclude_each_other_cannot_be_told() -> None:
    """No value was found, and that there is none is not proven: an entry, not a row and not silence."""
    both = {"StringLike": {"acs:ResourceTag/n": "x*"}, "NumericLessThan": {"acs:ResourceTag/n": "10"}}
    found = compare(PermissionSet.nothing(), _set(_statement("fc:*", **both)))

    assert found.verdict is Change.CANNOT_TELL
    assert "asked both as a text and as another type" in found.cannot_tell[0].why


def test_a_witness_that_the_evaluator_refuses_is_an_error(monkeypatch) -> None:
    """The algebra is never believed alone: a row without confirmation does not come out."""
    monkeypatch.setattr(PermissionSet, "allows", lambda _set, _asked: False)

    with pytest.raises(RuntimeError, match="the evaluator does not confirm"):
        compare(PermissionSet.nothing(), _set(_statement("fc:*")))


def test_conditions_on_the_call_and_on_the_gate_are_told_apart() -> None:
    """The same key at both requests is two limits."""
    network = Condition("IpAddress", "acs:SourceIp", ("10.0.0.0/8",))
    assume = PermissionSet.of(["sts:AssumeRole"], ["*"], [network])
    call = PermissionSet.of(["fc:Get*"], ["*"], [network])
    (row,) = compare(PermissionSet.nothing(), call.behind(assume, "sts:AssumeRole", ROLE, "the role")).gained

    assert [(limit.step, limit.phrase) for limit in row.limits] == [
        ("", "is in 10.0.0.0/8"),
        ("the role", "is in 10.0.0.0/8"),
    ]
    assert row.witness.steps["the role"].context == {"acs:SourceIp": "10.0.0.1"}


def test_a_row_names_no_action_that_cannot_carry_its_conditions() -> None:
    """Of full access to Function Compute only passing a role is under a condition on the service."""
    found = compare(_set(_statement("fc:Nothing", effect="Deny")), _system("AliyunFCFullAccess"))

    assert sorted(_texts(found.gained)) == [
        "fc:* | *",
        "ram:PassRole | * | acs:Service is `fc.aliyuncs.com`",
    ]

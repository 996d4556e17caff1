"""Tags of roles and policies."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def roles(root, trust):
    """Two roles without tags, and a policy of the same name as one."""
    for name in ("a", "B"):
        root("CreateRole", RoleName=name, AssumeRolePolicyDocument=trust())
    document = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"fc:*","Resource":"*"}]}'
    root("CreatePolicy", PolicyName="a", PolicyDocument=document, Tag='[{"Key":"p","Value":"1"}]')
    return {"ResourceType": "role", "ResourceNames": '["a","b"]'}


def tags(*pairs):
    """Pairs as the Tag parameter."""
    return json.dumps([{"Key": key, "Value": value} for key, value in pairs])


def listed(root, **params):
    """The flat list as (name, key, value)."""
    found = root("ListTagResources", **params)["TagResources"]
    return [(item["ResourceName"], item["TagKey"], item["TagValue"]) for item in found]


def test_tag_list_untag(root, roles):
    """Tags are set on every resource named, listed flat in the order of names, and taken away by key."""
    assert root("TagResources", **roles, Tag=tags(("k", "1"), ("j", "2"))) == {}
    first = root("ListTagResources", ResourceType="role")["TagResources"][0]
    assert first == {"ResourceType": "role", "ResourceName": "B", "TagKey": "j", "TagValue": "2"}
    assert listed(root, ResourceType="role", ResourceNames='["a"]') == [("a", "j", "2"), ("a", "k", "1")]

    root("TagResources", **roles, Tag=tags(("k", "changed")))
    assert root("UntagResources", **roles, TagKeys='["j","absent"]') == {}
    assert listed(root, ResourceType="role") == [("B", "k", "changed"), ("a", "k", "changed")]
    root("UntagResources", **roles, All="true")
    assert root("ListTagResources", ResourceType="role") == {"TagResources": []}


def test_roles_and_policies_are_apart(root, roles):
    """The resource type is part of a resource's identity."""
    assert listed(root, ResourceType="policy") == [("a", "p", "1")]
    assert listed(root, ResourceType="role") == []


def test_both_spellings_of_lists(root, roles):
    """Lists come as JSON or numbered, as the provider sends TagKey.1."""
    numbered = {"ResourceNames.1": "a", "Tag.1.Key": "k", "Tag.1.Value": "v"}
    root("TagResources", ResourceType="role", **numbered)
    assert listed(root, ResourceType="role") == [("a", "k", "v")]
    root("UntagResources", ResourceType="role", **{"ResourceName.1": "a", "TagKey.1": "k"})
    assert listed(root, ResourceType="role") == []


def test_list_by_tag(root, roles):
    """With Tag, only resources that have all of the tags, and of them only those tags."""
    root("TagResources", ResourceType="role", ResourceNames='["a"]', Tag=tags(("k", "1"), ("j", "2")))
    root("TagResources", ResourceType="role", ResourceNames='["b"]', Tag=tags(("k", "9")))
    assert listed(root, ResourceType="role", Tag='[{"Key":"k"}]') == [("B", "k", "9"), ("a", "k", "1")]
    assert listed(root, ResourceType="role", Tag=tags(("k", "1"))) == [("a", "k", "1")]
    assert listed(root, ResourceType="role", Tag=tags(("k", "1"), ("j", "x"))) == []


def test_pages_of_tags(root, roles):
    """NextToken is there only when more follow, and leads to the rest."""
    root("TagResources", **roles, Tag=tags(("k", "1"), ("j", "2")))
    first = root("ListTagResources", ResourceType="role", PageSize=3)
    rest = root("ListTagResources", ResourceType="role", PageSize=3, NextToken=first["NextToken"])
    assert len(first["TagResources"]) == 3
    assert len(rest["TagResources"]) == 1
    assert "NextToken" not in rest
    refusal = root.refused("ListTagResources", ResourceType="role", NextToken="guess")
    assert refusal == (400, "InvalidParameter.NextToken")


def test_twenty_tags_are_the_limit(root, roles, trust):
    """A role has twenty tags at most, at birth and later; a refused call tags nothing."""
    many = tags(*((f"k{number}", "v") for number in range(21)))
    refusal = root.refused("CreateRole", RoleName="c", AssumeRolePolicyDocument=trust(), Tag=many)
    assert refusal == (409, "LimitExceeded.Role.Tag")
    root("TagResources", ResourceType="role", ResourceNames='["b"]', Tag=tags(("x", "")))
    twenty = tags(*((f"k{number}", "v") for number in range(20)))
    assert root.refused("TagResources", **roles, Tag=twenty) == (409, "LimitExceeded.Role.Tag")
    assert listed(root, ResourceType="role") == [("B", "x", "")]


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"ResourceType": ""}, (400, "MissingResourceType")),
        ({"ResourceType": "user"}, (400, "InvalidParameter.ResourceType")),
        ({"ResourceNames": "[]"}, (400, "MissingResourceNames")),
        ({"ResourceNames": '["none"]'}, (404, "EntityNotExist.Role")),
        ({"ResourceNames": '["a b"]'}, (400, "InvalidParameter.ResourceNames.InvalidChars")),
        ({"ResourceNames": "[1]"}, (400, "InvalidParameter.ResourceNames")),
        ({"Tag": ""}, (400, "MissingTag")),
        ({"Tag": '[{"Key":""}]'}, (400, "InvalidParameter.Tag")),
        ({"Tag": '[{"Key":"a","Name":"b"}]'}, (400, "InvalidParameter.Tag")),
        ({"Tag": '[{"Key":"a"},{"Key":"a"}]'}, (400, "InvalidParameter.Tag")),
        ({"Tag": tags(("k" * 129, ""))}, (400, "InvalidParameter.TagKey.Length")),
        ({"Tag": tags(("k", "v" * 257))}, (400, "InvalidParameter.TagValue.Length")),
    ],
)
def test_wrong_tags_are_named(root, roles, wrong, refusal):
    """Every wrong parameter of TagResources is an error that names it."""
    params = roles | {"Tag": tags(("k", "v"))} | wrong
    assert root.refused("TagResources", **params) == refusal


def test_untag_needs_keys_or_all(root, roles):
    """UntagResources without keys and without All is refused, not taken for all."""
    assert root.refused("UntagResources", **roles) == (400, "MissingTagKeys")

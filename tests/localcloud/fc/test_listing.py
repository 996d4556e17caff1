"""ListFunctions of 3.0: both generations, filters, pages."""

from __future__ import annotations

import pytest


@pytest.fixture
def both(fc2, fc3):
    """Functions of both generations."""
    fc3.create("one", runtime="python3.10", description="first", tags=[{"Key": "k", "Value": "v"}])
    fc3.create("two", runtime="nodejs18", resourceGroupId="rg-1", gpuConfig={"gpuType": "g1"})
    fc2.create_service("jobs")
    fc2.create("jobs", "old")
    return fc3


def test_both_generations_are_listed_unless_asked(both, account_a, refused):
    """Without fcVersion both are listed, a 2.0 function by its service and name; fcVersion chooses one."""
    assert both.names() == ["jobs$old", "one", "two"]
    assert both.names(fc_version="v3") == ["one", "two"]
    assert both.names(fc_version="v2") == ["jobs$old"]
    assert refused(both.list, fc_version="v4") == (400, "InvalidArgument")
    arn = f"acs:fc:cn-hangzhou:{account_a.id}:services/jobs/functions/old"
    assert both.list(fc_version="v2").functions[0].function_arn == arn


def test_filters(both):
    """Every filter compares whole values; all of them must hold."""
    assert both.names(prefix="o") == ["one"]
    assert both.names(function_name="two") == ["two"]
    assert both.names(function_name="tw") == []
    assert both.names(runtime="nodejs18") == ["two"]
    assert both.names(description="first") == ["one"]
    assert both.names(resource_group_id="rg-1") == ["two"]
    assert both.names(gpu_type="g1") == ["two"]
    assert both.names(runtime="nodejs18", description="first") == []


def test_filter_by_tags(both):
    """The tag filter comes as a JSON list."""
    from alibabacloud_fc20230330.models import Tag  # noqa: PLC0415

    assert both.names(tags=[Tag(key="k", value="v")]) == ["one"]
    assert both.names(tags=[Tag(key="k", value="x")]) == []


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_pages_joined_are_the_list(both, limit):
    """NextToken leads over all pages to every function once, in order."""
    names, token = [], None
    while True:
        body = both.list(limit=limit, next_token=token)
        names += [item.function_name for item in body.functions]
        token = body.next_token
        if not token:
            break
        assert len(body.functions) == limit
    assert names == ["jobs$old", "one", "two"]


def test_wrong_page_parameters_are_refused(both, refused):
    """Limit is 1 to 100, and a token is one that was given."""
    for limit in (0, 101, "x"):
        assert refused(both.list, limit=limit) == (400, "InvalidArgument")
    assert refused(both.list, next_token="guess") == (400, "InvalidArgument")


def test_functions_stay_in_their_account_and_region(both, account_a, account_b, fc3_of):
    """Another account, or another region, sees nothing."""
    assert fc3_of(account_b.root_key).names() == []
    assert fc3_of(account_a.root_key, "cn-shanghai").names() == []

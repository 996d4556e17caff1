"""Listing over regions: all pages, at the same time, and what failed beside what was found."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from crossaccount.session import ErrorKind, SessionError, open_session
from crossaccount.session.functions import listing
from crossaccount.session.functions.access import Access
from crossaccount.session.functions.listing import list_region, list_regions
from crossaccount.session.functions.regions import REGIONS, checked, functions_host, services_host
from tests.session.functions_scene import put_function, put_service

if TYPE_CHECKING:
    from crossaccount.localcloud.cloud import Cloud
    from crossaccount.session.source import Source


@pytest.fixture
def access(served: Cloud, source: Source, request_of: Any) -> Access:
    """Function Compute inside a session of A's reading role."""
    return Access(open_session(request_of(), source, None), served.endpoint)


def test_regions_and_generations_come_together(served: Cloud, access: Access) -> None:
    """Functions and services of every region asked, sorted, each with its region; others are not asked."""
    put_function(served, "ap-northeast-1", "orders", description="sells")
    put_service(served, "cn-shanghai", "old")
    done: list[str] = []

    found = list_regions(access, ["cn-shanghai", "ap-northeast-1", "cn-hangzhou"], done=done.append)

    assert [(each.region, each.kind, each.name) for each in found.found] == [
        ("ap-northeast-1", "function", "orders"),
        ("cn-hangzhou", "function", "report"),
        ("cn-hangzhou", "service", "jobs"),
        ("cn-shanghai", "service", "old"),
    ]
    orders = found.found[0]
    assert (orders.runtime, orders.memory, orders.description) == ("python3.10", 256, "sells")
    assert orders.arn == "acs:fc:ap-northeast-1:1234567890120000:functions/orders"
    assert found.failed == {}
    assert sorted(done) == ["ap-northeast-1", "cn-hangzhou", "cn-shanghai"]


def test_every_page_is_read(served: Cloud, access: Access) -> None:
    """More than a page of functions and of services is listed to the end, without doubles."""
    for number in range(230):
        put_function(served, "cn-beijing", f"f{number:03}")
        put_service(served, "cn-beijing", f"s{number:03}")

    found = list_regions(access, ["cn-beijing"]).found

    assert len(found) == 460
    assert len(set(found)) == 460


def test_only_the_kind_that_is_asked(access: Access) -> None:
    """One generation can be asked alone."""
    assert [each.kind for each in list_regions(access, ["cn-hangzhou"], ["service"]).found] == ["service"]


def test_a_region_that_fails_does_not_hide_the_others(
    access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was found is given with the error of each region that failed, whatever it failed with."""

    def ask(given: Access, region: str, kind: str) -> Any:
        if region == "cn-qingdao":
            raise SessionError(ErrorKind.UNREACHABLE, "`fcv3.cn-qingdao.aliyuncs.com` cannot be used: down")
        if region == "cn-chengdu":
            raise RuntimeError("inside")
        return list_region(given, region, kind)

    monkeypatch.setattr(listing, "list_region", ask)

    found = list_regions(access, ["cn-qingdao", "cn-hangzhou", "cn-chengdu"])

    assert [each.name for each in found.found] == ["report", "jobs"]
    assert {region: error.kind for region, error in found.failed.items()} == {
        "cn-qingdao": ErrorKind.UNREACHABLE,
        "cn-chengdu": ErrorKind.FAILED,
    }


@pytest.mark.parametrize(("functions_fail", "failed"), [(False, set()), (True, {"eu-west-1"})])
def test_a_region_without_the_old_generation_is_no_failure(
    access: Access, monkeypatch: pytest.MonkeyPatch, functions_fail: bool, failed: set[str]
) -> None:
    """An unknown host of 2.0 where 3.0 answers means that there is none; where both are unknown, it fails."""

    def ask(_access: Access, region: str, kind: str) -> Any:
        if kind == "service" or functions_fail:
            raise SessionError(ErrorKind.UNREACHABLE, f"`{region}` cannot be used: its name is unknown")
        return []

    monkeypatch.setattr(listing, "list_region", ask)

    assert set(list_regions(access, ["eu-west-1"]).failed) == failed


def test_all_regions_are_asked_at_the_same_time(access: Access, monkeypatch: pytest.MonkeyPatch) -> None:
    """No region waits for another: every one is under way before the first answers."""
    together = threading.Barrier(len(REGIONS) * 2)

    def ask(_access: Access, _region: str, _kind: str) -> Any:
        together.wait(timeout=20)
        return []

    monkeypatch.setattr(listing, "list_region", ask)

    assert list_regions(access, REGIONS).failed == {}


def test_a_service_that_repeats_its_page_is_given_up() -> None:
    """A token that comes back ends the listing with an error, not never."""

    class Body:
        next_token = "again"

    with pytest.raises(SessionError, match="same page"):
        list(listing._pages(lambda _token: Body(), "host"))


def test_hosts_follow_the_region() -> None:
    """Each generation has its host; one region has an older name."""
    assert functions_host("cn-hangzhou") == "fcv3.cn-hangzhou.aliyuncs.com"
    assert functions_host("me-central-1") == "me-central-1.fc.aliyuncs.com"
    assert services_host("cn-hangzhou") == "fc.cn-hangzhou.aliyuncs.com"


@pytest.mark.parametrize("region", ["", "cn", "cn-hangzhou.evil.example/", "CN-hangzhou", "cn-hangzhou\n"])
def test_what_is_no_region_is_refused(region: str) -> None:
    """A region becomes part of a host name: nothing else may."""
    with pytest.raises(SessionError, match="is no region"):
        checked(region)

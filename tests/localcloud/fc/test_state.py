"""Function Compute's state and checksums, without a server."""

from __future__ import annotations

import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossaccount.localcloud.fc import ROUTES_2, ROUTES_3
from crossaccount.localcloud.fc.checksum import crc64
from crossaccount.localcloud.fc.state import Code, FcState, Function, Service


@pytest.mark.parametrize(
    ("data", "expected"), [(b"", 0), (b"123456789", 0x995DC9BBDF1939FA), (b"\x00", 0x1FADA17364673F59)]
)
def test_the_checksum_is_crc_64_ecma(data, expected):
    """The checksum agrees with the published check values of CRC-64 with the ECMA polynomial, reflected."""
    assert crc64(data) == str(expected)


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_checksums_tell_packages_apart(one, other):
    """Two packages have the same checksum only when they are the same."""
    assert (crc64(one) == crc64(other)) is (zlib.crc32(one) == zlib.crc32(other) and one == other)


def furnished():
    """A state with something of everything, in two regions."""
    state = FcState()
    function = Function("f", "id", {"runtime": "python3"}, Code(9, "7"), "t", "u")
    state.region("cn-shanghai").functions["f"] = function
    service = Service("s", "id", {"role": ""}, "t", "u")
    service.functions["g"] = Function("g", "id2", {}, Code(), "t", "u")
    state.region("cn-hangzhou").services["s"] = service
    return state


def test_a_snapshot_restores_everything():
    """to_json and from_json are inverse, through JSON text; a region that holds nothing is left out."""
    state = furnished()
    state.region("cn-beijing")
    snapshot = state.to_json()
    restored = FcState.from_json(json.loads(json.dumps(snapshot)))
    assert restored.to_json() == snapshot
    assert restored.regions == {
        name: region for name, region in state.regions.items() if name != "cn-beijing"
    }
    assert list(snapshot["regions"]) == ["cn-hangzhou", "cn-shanghai"]


def test_empty_is_told_from_not():
    """A state is empty as long as no region holds a function or service."""
    state = FcState()
    state.region("cn-hangzhou")
    assert state.is_empty()
    assert not furnished().is_empty()


def test_every_route_names_its_permission():
    """No operation goes without a permission and at least one resource."""
    for route in (*ROUTES_3, *ROUTES_2):
        assert route.operation.permission == f"fc:{route.operation.name}"
    assert len({(route.method, route.template) for route in ROUTES_2}) == len(ROUTES_2) == 12
    assert len({(route.method, route.template) for route in ROUTES_3}) == len(ROUTES_3) == 8

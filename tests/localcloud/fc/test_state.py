"""Function Compute's state and checksums, without a server."""

from __future__ import annotations

import json
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossaccount.localcloud.fc import ROUTES_2, ROUTES_3
from crossaccount.localcloud.fc.checksum import crc64
from crossaccount.localcloud.fc.entities import Code, Function, Service
from crossaccount.localcloud.fc.state import FcState


@pytest.mark.parametrize(
    ("data", "expected"), [(b"", 0), (b"123456789", 0x995DC9BBDF1939FA), (b"\x00", 0x1FADA17364673F59)]
)
def test_the_checksum_is_crc_64_ecma(data, expected):
    """The checksum agrees with the published check values of CRC-64 with the ECMA polynomial, reflected."""
    assert crc64(data) == str(expected)


def bit_by_bit(data):
    """CRC-64 as the polynomial says it."""
    value = 0xFFFFFFFFFFFFFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ (0xC96C5795D7870F42 if value & 1 else 0)
    return str(value ^ 0xFFFFFFFFFFFFFFFF)


@pytest.mark.parametrize("size", [64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1, 67_000])
def test_large_packages_have_the_same_checksum(size):
    """Working on many places at once gives what working on one place after the other gives."""
    data = random.Random(size).randbytes(size)

    assert crc64(data) == bit_by_bit(data)


def test_a_package_of_more_lanes_than_one_round_takes():
    """A package is a sum of rounds; the checksum of a prefix goes on into the rest."""
    data = bytes(4096 * 1024) + b"tail" * 1000

    assert crc64(data) == "14320833012000850324"


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
        name = route.operation.name.replace("AsyncInvoke", "FunctionAsyncInvoke")
        assert route.operation.permission == f"fc:{name}"
    assert len({(route.method, route.template) for route in ROUTES_2}) == len(ROUTES_2) == 25
    assert len({(route.method, route.template) for route in ROUTES_3}) == len(ROUTES_3) == 35

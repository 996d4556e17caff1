"""What the engine works out in the SDK's stead is what the SDK works out."""

from __future__ import annotations

import asyncio

import pytest
from pulumi import Output
from pulumi.runtime import resource as sdk

from crossaccount.engine import sdk_positions, sdk_urns


class Base:
    def __init__(self):
        self.trace = sdk._get_stack_trace()


class Kind(Base):
    def __init__(self):
        super().__init__()


class Own(Kind):
    def __init__(self):
        self.prepare()
        super().__init__()

    def prepare(self):
        pass


class Further(Own):
    def __init__(self):
        super().__init__()


def traces(kinds):
    return [kind().trace for kind in kinds for _ in range(2)]


@pytest.mark.parametrize("kind", [Own, Further, Kind, Base])
def test_a_stack_trace_is_the_sdks(kind):
    """Of a resource, one of a class below it, and of what is no resource, whose trace is empty."""
    found = []
    for remembering in (False, True):
        with sdk_positions.remembered() if remembering else sdk_urns.at_once():
            found.append(traces([kind]))

    theirs, ours = ([[frame.pc for frame in trace.frames] for trace in each] for each in found)
    assert ours == theirs
    assert bool(ours[0]) is issubclass(kind, Own)


@pytest.mark.parametrize(
    "arguments",
    [
        ("key", "a:b:C", "urn:pulumi:dev::trial::pulumi:pulumi:Stack::trial-dev"),
        ("key", "a:b:C", "urn:pulumi:dev::trial::x:y:Z::odd::name"),
        ("key", "a:b:C", ""),
        ("key", "a:b:C", None, "trial", "dev"),
    ],
)
def test_a_urn_is_the_sdks(arguments):
    """Put together at once, or left to the SDK; an output in either case."""

    async def both():
        theirs = sdk.create_urn(*arguments)
        with sdk_urns.at_once():
            ours = sdk.create_urn(*arguments)
            late = sdk.create_urn(Output.from_input(arguments[0]), *arguments[1:])
        return [
            (await each.future(), await each.is_known(), await each.is_secret(), await each.resources())
            for each in (theirs, ours, late)
        ]

    theirs, ours, late = asyncio.run(both())
    assert ours == late == theirs


def test_the_sdk_is_left_as_it_was():
    """Both are changed in the body alone, also in one that fails."""
    before = sdk._get_stack_trace, sdk.create_urn
    seen = []

    def fail():
        with sdk_positions.remembered(), sdk_urns.at_once():
            seen.extend((sdk._get_stack_trace, sdk.create_urn))
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        fail()

    assert not {*seen} & {*before}
    assert (sdk._get_stack_trace, sdk.create_urn) == before

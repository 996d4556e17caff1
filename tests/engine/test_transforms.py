"""Transforms of the program, in a plan and in a run."""

from __future__ import annotations

import pytest

from crossaccount.engine import EngineError, ProgramError, UnsupportedError

MARK = """
def mark(text):
    def transform(args):
        if args.type_ != 'alicloud:ram/group:Group':
            return None
        props = {**args.props, 'comments': args.props.get('comments', '') + text}
        return pulumi.ResourceTransformResult(props, args.opts)
    return transform

class Team(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__('test:index:Team', name, {}, opts)
        self.group = alicloud.ram.Group(name, group_name=name, opts=Opts(parent=self, transforms=[mark('1')]))

"""


def comments(shelf):
    """What each group of the account says."""
    return {name: thing.get("comments", "") for name, thing in shelf.things.items()}


def test_own_then_the_parents_then_the_stacks(bench, memory, shelf):
    """The order is Pulumi's; what was registered before a stack transform is not touched."""
    bench.program(
        MARK
        + "alicloud.ram.Group('early', group_name='early')\n"
        + "pulumi.runtime.register_resource_transform(mark('3'))\n"
        + "Team('t', Opts(transforms=[mark('2')]))\n"
        + "alicloud.ram.Group('late', group_name='late', comments='0')\n"
    )
    stack = bench.stack(**memory)

    assert stack.preview().changes == {"create": 5}
    stack.up()

    assert comments(shelf) == {"early": "", "t": "123", "late": "03"}
    assert bench.stack(**memory).preview().changes == {"same": 5}


def test_the_options_that_a_transform_sets_hold(bench, memory, shelf):
    """`retain_on_delete` and `depends_on`: the state records them, and the group outlives the stack."""
    bench.program(
        "def keep(args):\n"
        "    opts = Opts(retain_on_delete=True, depends_on=[first])\n"
        "    return pulumi.ResourceTransformResult(args.props, opts)\n"
        "first = alicloud.ram.Group('first', group_name='first')\n"
        "alicloud.ram.Group('g', group_name='g', opts=Opts(transforms=[keep]))\n"
    )
    bench.stack(**memory).up()

    resources = bench.stack(**memory).export()["deployment"]["resources"]
    kept = next(each for each in resources if each["urn"].endswith("::g"))
    assert kept["retainOnDelete"] is True
    assert kept["dependencies"] == [each["urn"] for each in resources if each["urn"].endswith("::first")]
    bench.stack(**memory).destroy()
    assert list(shelf.things) == ["g"]


def test_an_option_that_is_refused_is_refused_in_a_transform_too(bench, memory, shelf):
    """`deleted_with`, set by a transform, is named, and nothing is made."""
    bench.program(
        "first = alicloud.ram.Group('first', group_name='first')\n"
        "def tie(args):\n"
        "    return pulumi.ResourceTransformResult(args.props, Opts(deleted_with=first))\n"
        "alicloud.ram.Group('g', group_name='g', opts=Opts(transforms=[tie]))\n"
    )

    with pytest.raises(UnsupportedError, match="`deleted_with`"):
        bench.stack(**memory).preview()
    assert shelf.calls == []


@pytest.mark.parametrize("run", ["preview", "up"])
def test_a_transform_that_raises_is_the_programs_error(bench, memory, shelf, run):
    """The message says what was raised and where; nothing is made."""
    bench.program(
        "def bad(args):\n"
        "    raise ValueError('of no use')\n"
        "alicloud.ram.Group('g', group_name='g', opts=Opts(transforms=[bad]))\n"
    )

    with pytest.raises(ProgramError, match=r"line 5: ValueError: of no use"):
        getattr(bench.stack(**memory), run)()
    assert shelf.calls == []


def test_a_transform_may_wait_and_keeps_what_is_secret(bench, memory, shelf):
    """A coroutine that awaits another resource's output; a secret stays one in the state."""
    bench.program(
        "import asyncio\n"
        "first = alicloud.ram.Group('first', group_name='first')\n"
        "async def slow(args):\n"
        "    name = await first.urn.future()\n"
        "    assert name.endswith('::first')\n"
        "    return pulumi.ResourceTransformResult({**args.props, 'comments': hidden('s3cret')}, args.opts)\n"
        "alicloud.ram.Group('g', group_name='g', opts=Opts(transforms=[slow]))\n"
    )
    assert bench.stack(**memory).preview().changes == {"create": 3}
    bench.stack(**memory).up()

    assert comments(shelf)["g"] == "s3cret"
    assert "s3cret" not in bench.state_path.read_text()


@pytest.mark.parametrize("run", ["preview", "up"])
def test_an_interrupted_run_waits_for_no_transform(bench, memory, shelf, run):
    """Ctrl-C while a transform waits for what never comes ends the run, and nothing is made."""
    bench.program(
        "import asyncio\n"
        "begun = asyncio.Event()\n"
        "async def endless(args):\n"
        "    begun.set()\n"
        "    await asyncio.Event().wait()\n"
        "async def fail():\n"
        "    await begun.wait()\n"
        "    raise KeyboardInterrupt\n"
        "alicloud.ram.Group('g', group_name='g', opts=Opts(transforms=[endless]))\n"
        "alicloud.ram.Group('h', group_name=pulumi.Output.from_input(fail()))\n"
    )

    with pytest.raises((EngineError, KeyboardInterrupt)):
        getattr(bench.stack(**memory), run)()
    assert shelf.calls == []

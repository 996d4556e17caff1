"""Running the user's program in this process: what it prints, raises and leaves behind."""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path

import pulumi
import pytest

from crossaccount.engine import (
    Diagnostic,
    EngineError,
    ProgramError,
    ProjectError,
    Severity,
    UnsupportedError,
)

LATE = """
async def late():
    raise ValueError("late")
pulumi.Output.from_input(late()).apply(print)
"""
RING = """
exec('''
async def ring():
    first, second = KeyError("x"), ValueError("y")
    first.__cause__, second.__cause__ = second, first
    raise first
''')
pulumi.Output.from_input(ring()).apply(print)
"""
TIMEOUT = """
soon = pulumi.CustomTimeouts(create="soon")
alicloud.ram.Group("g", group_name="g", opts=Opts(custom_timeouts=soon))
"""


def preview_error(bench, **options):
    with pytest.raises(EngineError) as error:
        bench.stack(**options).preview()
    return error


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        ("\n\n{}['x']\n", ProgramError, "the program failed at `__main__.py`, line 6: KeyError: 'x'"),
        ("raise pulumi.RunError('no such partner')\n", ProgramError, "no such partner"),
        ("pulumi.Config().require('owner')\n", ProgramError, "Missing required configuration variable"),
        ("import sys\nsys.exit(3)\n", ProgramError, "exited with status `3`"),
        (RING, ProgramError, "the program failed: KeyError: 'x'"),
        ("if True print()\n", ProgramError, "at `__main__.py`, line 4: SyntaxError"),
        (
            "pulumi.Output.from_input(1).apply(lambda one: one / 0)\n",
            ProgramError,
            "at `__main__.py`, line 4: ZeroDivisionError",
        ),
        ("alicloud.ram.Group('g', group_name='g')\n" * 2, ProgramError, "line 5 is declared twice"),
        ("alicloud.ram.Group('g', group_name=3)\n", ProgramError, "`groupName`"),
        (LATE, ProgramError, "ValueError: late"),
    ],
)
def test_a_program_that_fails_says_where(bench, body, kind, message):
    """The user's file and line, or Pulumi's own message; never a traceback in the text."""
    bench.program(body)

    error = preview_error(bench)

    assert error.type is kind
    assert message in str(error.value)
    assert "Traceback" not in str(error.value)


def test_a_failure_in_an_imported_module_is_found_there(bench):
    """The deepest line of the user's own code counts, not that of a library."""
    bench.write("partners.py", "import json\ndef read():\n    return json.loads('{')\n")
    bench.program("import partners\npartners.read()\n")

    assert "at `partners.py`, line 3: JSONDecodeError" in str(preview_error(bench).value)


def test_exit_zero_is_the_end_of_a_program(bench):
    """A program may end itself early."""
    bench.program("pulumi.export('a', 1)\nimport sys\nsys.exit(0)\npulumi.export('b', 2)\n")

    assert bench.stack().preview().changes == {"create": 1}


def test_a_missing_program_is_named(bench):
    """So is one that `main` points to."""
    assert preview_error(bench).type is ProjectError

    bench.write("Pulumi.yaml", "name: trial\nruntime: python\nmain: elsewhere\n")
    assert "elsewhere" in str(preview_error(bench).value)


def test_a_program_may_lie_in_another_directory(bench):
    """`main` is the working directory and where its modules are found."""
    bench.write("Pulumi.yaml", "name: trial\nruntime: python\nmain: infra\n")
    bench.write("infra/words.py", "import pathlib\nWORD = pathlib.Path('word.txt').read_text()\n")
    bench.write("infra/word.txt", "hello")
    bench.write("infra/__main__.py", "import pulumi, words\nassert words.WORD == 'hello'\n")

    assert bench.stack().preview().changes == {"create": 1}


def test_nothing_of_a_run_stays_in_the_interpreter(bench, capfd):
    """Path, modules, directory, root resource and loop are as before; what the program prints is seen."""
    bench.write("words.py", "WORD = 'hello'\n")
    bench.program("import words\nprint(words.WORD)\n")
    path, directory, main = list(sys.path), Path.cwd(), sys.modules["__main__"]
    threads = threading.active_count()

    bench.stack().preview()

    assert capfd.readouterr().out == "hello\n"
    assert (sys.path, Path.cwd(), sys.modules["__main__"]) == (path, directory, main)
    assert "words" not in sys.modules
    assert pulumi.runtime.get_root_resource() is None
    assert threading.active_count() == threads
    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()


def test_each_run_sees_the_program_as_it_is(bench):
    """An edit of the program or its modules, or another stack, shows in the next run of the same process."""
    bench.write("words.py", "COUNT = 1\n")
    bench.program(
        "import words\n[alicloud.ram.Group(f'g{n}', group_name=f'g{n}') for n in range(words.COUNT)]\n"
    )
    assert bench.stack().preview().changes == {"create": 2}

    bench.write("words.py", "COUNT = 10 + 1\n")
    assert bench.stack().preview().changes == {"create": 12}

    bench.configure("prod")
    plan = bench.stack("prod").preview()
    assert {step.urn.split("::")[0] for step in plan.steps} == {"urn:pulumi:prod"}


def test_runs_in_several_threads_wait_for_each_other(bench):
    """Any thread may run a program; none disturbs another."""
    bench.program("alicloud.ram.Group('g', group_name='g')\n")
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(bench.stack().preview().changes)) for _ in range(4)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert results == [{"create": 2}] * 4


def test_what_the_program_logs_becomes_events(bench):
    """With its severity; debug messages are dropped."""
    bench.program("pulumi.log.warn('careful')\npulumi.log.info('fine')\npulumi.log.debug('noise')\n")
    events = []

    plan = bench.stack().preview(events.append)

    logged = [event for event in events if isinstance(event, Diagnostic)][1:]
    assert logged == [Diagnostic(Severity.WARNING, "careful"), Diagnostic(Severity.INFO, "fine")]
    assert plan.to_json()["diagnostics"][-1] == {"message": "warning: careful\n", "severity": "warning"}


def test_every_run_says_that_it_is_a_trial(bench):
    """The first event warns against production."""
    bench.program("")
    events = []

    bench.stack().preview(events.append)

    assert "not the way to production" in events[0].message


def test_an_asynchronous_program_runs(bench):
    """`pulumi.run` is awaited, and its results exported."""
    bench.program(
        "async def main():\n"
        "    group = alicloud.ram.Group('g', group_name='g')\n"
        "    return {'name': group.group_name}\n"
        "pulumi.run(main)\n"
    )

    assert bench.stack().preview().changes == {"create": 2}


def up_without_account(bench, memory):
    """An `up` that needs no STS: the stack names no account."""
    return bench.stack(**memory).up()


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("alicloud.oss.Bucket('b')\n", "alicloud:oss/bucket:Bucket"),
        ("alicloud.ram.Group('g', group_name='g', force=True)\n", "`force`"),
        ("alicloud.get_regions()\n", "alicloud:index/getRegions:getRegions"),
        ("pulumi.runtime.register_invoke_transform(lambda args: None)\n", "invoke transform"),
        ("pulumi.runtime.require_pulumi_version('>=3')\n", "`>=3`"),
        ("pulumi.CustomResource('random:index/x:X', 'x', {})\n", "random:index/x:X"),
        ("pulumi.ProviderResource('aws', 'p')\n", "pulumi:providers:aws"),
        ("alicloud.Provider('p', profile='other')\n", "`profile`"),
        ("alicloud.Provider('p', access_key='another', secret_key='x')\n", "an access key of its own"),
        (TIMEOUT, "`soon`"),
    ],
)
def test_what_is_not_handled_is_refused_by_name(bench, memory, shelf, body, named):
    """Types, inputs, functions, providers: each is named, and nothing is made."""
    bench.program("alicloud.ram.Group('first', group_name='first')\n" + body)

    with pytest.raises(UnsupportedError) as error:
        up_without_account(bench, memory)

    assert named in str(error.value)
    assert shelf.calls == []
    assert not bench.state_path.exists()


def test_a_refusal_that_the_program_catches_still_counts(bench):
    """A program cannot go on as if a function had merely failed."""
    bench.program("try:\n    alicloud.get_regions()\nexcept Exception:\n    pass\n")

    assert preview_error(bench).type is UnsupportedError


def test_what_a_type_finds_wrong_is_told_before_anything_changes(bench, memory, shelf):
    """With the resource's name and its line."""
    bench.program("alicloud.ram.Group('g', group_name='g', comments='silly')\n")

    with pytest.raises(ProgramError, match=r"`g` \(.*\) at `__main__.py`, line 4: `comments` is silly"):
        up_without_account(bench, memory)

    assert shelf.calls == []

"""The README's table of Pulumi's options, held to what the engine does."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pulumi
import pytest

from crossaccount.engine import UnsupportedError

README = (Path(__file__).parent.parent.parent / "README.md").read_text("utf-8")
HANDLED, REFUSED = "handled as Pulumi does", "refused by name, before anything changes"
OTHER = "alicloud.ram.Group('other', group_name='other')"
GIVEN = {
    "hooks": "hooks=pulumi.ResourceHookBinding(before_create=[pulumi.ResourceHook('h', lambda given: None)])",
    "deleted_with": "deleted_with=other",
    "replace_with": "replace_with=[other]",
    "replacement_trigger": "replacement_trigger='now'",
    "hide_diffs": "hide_diffs=['comments']",
    "plugin_download_url": "plugin_download_url='https://127.0.0.1/'",
    "state_migrations": "state_migrations=[lambda given: None]",
    "env_var_mappings": "env_var_mappings={'HERE': 'THERE'}",
    "urn": "urn='urn:pulumi:dev::trial::alicloud:ram/group:Group::g'",
}
NAMED = {"hooks": "hook", "state_migrations": "state migrations"}


def told(row: str) -> set[str]:
    """The options in a row of the table."""
    (line,) = (each for each in README.splitlines() if each.startswith(f"| {row} |"))
    return set(re.findall(r"`([a-z_]+)`", line.partition(f"| {row} |")[2]))


def test_every_option_of_the_sdk_is_told_once() -> None:
    """Each parameter of `ResourceOptions` is either handled or refused."""
    options = {*inspect.signature(pulumi.ResourceOptions.__init__).parameters} - {"self"}

    assert told(HANDLED) & told(REFUSED) == set()
    assert options <= told(HANDLED) | told(REFUSED)


def test_each_refused_option_is_tried() -> None:
    """What the table calls refused is what the next test gives."""
    assert told(REFUSED) == set(GIVEN)


@pytest.mark.parametrize("option", sorted(GIVEN))
def test_a_refused_option_is_named_before_anything_changes(bench, memory, shelf, option) -> None:
    """In `preview` and in `up`: nothing is called, and the message names the option and the way out."""
    made = f"alicloud.ram.Group('g', group_name='g', opts=pulumi.ResourceOptions({GIVEN[option]}))"
    bench.program(f"other = {OTHER}\n{made}\n")

    for run in ("preview", "up"):
        with pytest.raises(UnsupportedError, match=NAMED.get(option, f"`{option}`")) as error:
            getattr(bench.stack(**memory), run)()
        assert "pulumi up" in str(error.value)
    assert shelf.calls == []

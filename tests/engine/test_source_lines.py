"""Which lines of the program a state and a plan name."""

from __future__ import annotations

PARTS = """
import pulumi_alicloud as alicloud


def group(name):
    alicloud.ram.Group(name, group_name=name)
"""


def test_the_calls_that_lead_to_a_resource_are_recorded_and_planned(bench, memory):
    """State and plan name the project's own lines, innermost first, and none of a library's."""
    bench.write("parts.py", PARTS)
    bench.program("import parts\nparts.group('g')\n")

    planned = bench.stack(**memory).preview().to_json()["steps"][-1]["newState"]
    bench.stack(**memory).up()
    made = bench.stack().export()["deployment"]["resources"][-1]

    for found in (planned, made):
        assert found["sourcePosition"] == "project:///parts.py#6"
        assert [each["sourcePosition"] for each in found["stackTrace"]] == [
            "project:///parts.py#6",
            "project:///__main__.py#5",
        ]

"""The fidelity page is made from the code, and what it claims to be recorded is."""

from __future__ import annotations

import json
from pathlib import Path

from crossaccount.localcloud import fidelity
from crossaccount.localcloud.evidence import INFERRED, PARTLY, RECORDED

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
BY_PATH = {
    ("GET", "/2023-03-30/functions"): ("2023-03-30", "ListFunctions"),
    ("POST", "/2023-03-30/functions/f1/invocations"): ("2023-03-30", "InvokeFunction"),
    ("GET", "/2016-08-15/services"): ("2016-08-15", "ListServices"),
    ("POST", "/2016-08-15/services"): ("2016-08-15", "CreateService"),
}
STS, RAM = "2015-04-01", "2015-05-01"


def _of_vector(vector):
    """The action that a recorded signed request calls."""
    path = vector["target"].partition("?")[0]
    if path != "/":
        return BY_PATH[vector["method"], path]
    sent = vector["headers"].get("x-acs-action", "") + vector["target"] + vector["body"]
    for action, version in {
        "AssumeRole": STS,
        "GetCallerIdentity": STS,
        "CreateRole": RAM,
        "ListRoles": RAM,
    }.items():
        if action in sent.replace("AssumeRolePolicyDocument", ""):
            return version, action
    raise AssertionError(sent)


def recorded():
    """Every action that a recording or a signature vector calls."""
    calls = {
        (entry["version"], entry["action"])
        for path in (DATA / "recordings").glob("*-http.jsonl")
        for entry in map(json.loads, path.read_text().splitlines())
    }
    vectors = json.loads((DATA / "alibaba-signature-vectors.json").read_text())
    return calls | {_of_vector(vector) for vector in vectors}


def test_the_page_is_current():
    """`make fidelity` would change nothing."""
    written = (ROOT / "docs" / "fidelity.md").read_text()

    assert written == fidelity.page(), "docs/fidelity.md is out of date: run `make fidelity`"


def test_what_is_called_recorded_is():
    """The recorded actions are those of the recordings, no more and no fewer."""
    assert recorded() == RECORDED


def test_every_note_is_about_an_action_that_is_here():
    """No note outlives its action."""
    served = {(product.version, each.name) for product, table, _ in fidelity._SERVED for each in table}

    for notes in (RECORDED, PARTLY, INFERRED):
        assert set(notes) <= served


def test_every_action_has_a_source():
    """Each row says where its rule was read."""
    for product, table, _ in fidelity._SERVED:
        assert [row.action for row in fidelity.rows(product, table) if not row.source] == []

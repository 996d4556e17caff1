"""The actions of Function Compute, of both generations.

Source: Function Compute, "RAM authorization" of the APIs 2023-03-30 and 2021-04-06 (facts 5.2, 5.3, 5.5). The
resource of a list is the one that refusals name; the pages print `*` for it.
"""

from __future__ import annotations

from crossaccount.policy.catalogue.action import AccessClass, Action

_SOURCE = "Function Compute: RAM authorization (facts 5.2, 5.3, 5.5)"
_FUNCTIONS = ("functions/<function>", "services/<service>/functions/<function>")
_ALL_FUNCTIONS = ("functions/*", "services/<service>/functions/*")
_SERVICE = ("services/<service>",)
_LAYER = ("layers/<layer>", "layers/<layer>/versions/<version>")
_DOMAIN = ("custom-domains/<domain>",)
_TRIGGERS = tuple(f"{each}/triggers/<trigger>" for each in _FUNCTIONS)
_ALIASES = ("functions/<function>/aliases/<alias>", "services/<service>/aliases/<alias>")
_TRIGGER_KEYS = ("fc:EnableHTTPTriggerAnonymous", "fc:EnableHTTPTriggerInternet")
_SERVICE_KEYS = ("fc:EnableServiceInternetAccess", "fc:EnableServiceSLSLogging")
_DOMAIN_KEYS = ("fc:EnableCustomDomainHTTP",)

_CLASSES = {"Get": AccessClass.READ, "List": AccessClass.READ, "Invoke": AccessClass.INVOKE}


def _actions(
    names: str, resources: tuple[str, ...], *, narrowest: bool = False, keys: tuple[str, ...] = ()
) -> list[Action]:
    found = []
    for name in names.split():
        verb = next((verb for verb in _CLASSES if name.startswith(verb)), None)
        access = AccessClass.WRITE if verb is None else _CLASSES[verb]
        forms = tuple(f"acs:fc:<region>:<account>:{each}" for each in resources)
        found.append(Action(f"fc:{name}", access, forms, narrowest, keys, _SOURCE))
    return found


ACTIONS = (
    *_actions("InvokeFunction", _FUNCTIONS),
    *_actions("GetFunction GetFunctionCode GetFunctionAsyncInvokeConfig", _FUNCTIONS),
    *_actions("GetProvisionConfig GetConcurrencyConfig GetScalingConfig", _FUNCTIONS),
    *_actions("ListFunctions", _ALL_FUNCTIONS, narrowest=True),
    *_actions("CreateFunction", (*_FUNCTIONS, *_ALL_FUNCTIONS), keys=_SERVICE_KEYS),
    *_actions("UpdateFunction", _FUNCTIONS, keys=_SERVICE_KEYS),
    *_actions("DeleteFunction PutFunctionAsyncInvokeConfig DeleteFunctionAsyncInvokeConfig", _FUNCTIONS),
    *_actions("PutProvisionConfig DeleteProvisionConfig PutConcurrencyConfig", _FUNCTIONS),
    *_actions("DeleteConcurrencyConfig PutScalingConfig DeleteScalingConfig", _FUNCTIONS),
    *_actions("ListFunctionAsyncInvokeConfigs ListProvisionConfigs ListConcurrencyConfigs", _FUNCTIONS),
    *_actions("ListScalingConfigs ListVpcBindings", (*_FUNCTIONS, *_SERVICE)),
    *_actions("CreateVpcBinding DeleteVpcBinding", (*_FUNCTIONS, *_SERVICE)),
    *_actions("GetTrigger DeleteTrigger", _TRIGGERS),
    *_actions("CreateTrigger UpdateTrigger", _TRIGGERS, keys=_TRIGGER_KEYS),
    *_actions("ListTriggers", tuple(f"{each}/triggers/*" for each in _FUNCTIONS)),
    *_actions("PublishFunctionVersion ListFunctionVersions DeleteFunctionVersion", _FUNCTIONS),
    *_actions("GetAlias CreateAlias UpdateAlias DeleteAlias", _ALIASES),
    *_actions("ListAliases", (*_FUNCTIONS, *_SERVICE, *_ALIASES)),
    *_actions("ListServices", ("services/*",), narrowest=True),
    *_actions("GetService DeleteService", _SERVICE),
    *_actions("CreateService", (*_SERVICE, "services/*"), keys=_SERVICE_KEYS),
    *_actions("UpdateService", _SERVICE, keys=_SERVICE_KEYS),
    *_actions("PublishServiceVersion ListServiceVersions DeleteServiceVersion", _SERVICE),
    *_actions("GetLayerVersion CreateLayerVersion DeleteLayerVersion ListLayerVersions ListLayers", _LAYER),
    *_actions("GetCustomDomain DeleteCustomDomain ListCustomDomains", _DOMAIN),
    *_actions("CreateCustomDomain UpdateCustomDomain", _DOMAIN, keys=_DOMAIN_KEYS),
    *_actions("ListTagResources TagResources UntagResources", (*_FUNCTIONS, "functions/*", *_SERVICE)),
)

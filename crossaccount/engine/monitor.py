"""The resource monitor that the Pulumi SDK talks to, in this process instead of over gRPC."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

from google.protobuf import empty_pb2
from pulumi.runtime.mocks import MockMonitor, Mocks
from pulumi.runtime.proto import resource_pb2

from crossaccount.engine import invoke, values
from crossaccount.engine.errors import EngineError, UnsupportedError
from crossaccount.engine.events import Op
from crossaccount.engine.registration import from_read_request, from_request
from crossaccount.engine.state import Resource
from crossaccount.engine.transforms import Transforms
from crossaccount.engine.urn import STACK_REFERENCE_TYPE

if TYPE_CHECKING:
    from collections.abc import Callable

    from crossaccount.engine.deployment import Deployment
    from crossaccount.engine.registration import Registration

_FEATURES = (
    resource_pb2.RESOURCE_MONITOR_FEATURE_SECRETS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
    resource_pb2.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_REPLACEMENT_TRIGGER,
    resource_pb2.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
)
_LEGACY_FEATURES = frozenset({"secrets", "resourceReferences", "aliasSpecs", "transforms"})
_ECHOED = (Op.CREATE, Op.REPLACE)


class NoMocks(Mocks):
    """Stands where the SDK asks for mocks; the monitor never calls them."""

    def call(self, args: object) -> NoReturn:
        """Refuse."""
        raise NotImplementedError

    def new_resource(self, args: object) -> NoReturn:
        """Refuse."""
        raise NotImplementedError


class Monitor(MockMonitor):
    """Answers the SDK's requests from a deployment; what it does not handle it refuses by name."""

    def __init__(self, deployment: Deployment, *, preview: bool) -> None:
        super().__init__(NoMocks())
        self._deployment = deployment
        self._context = deployment.context
        self._preview = preview
        self._transforms = Transforms()

    def RegisterResource(self, request: Any) -> Any:  # noqa: ANN401, N802  the SDK's name and messages
        """Do what a resource's registration needs."""
        request, given = self._transforms.applied(request), request
        goal = self._goal(from_request, request)
        op, result = self._deployment.register(goal)
        self._transforms.remember(result.urn, given)
        echo = not goal.custom or (self._preview and op in _ECHOED)
        return resource_pb2.RegisterResourceResponse(
            urn=result.urn, id=result.id, object=request.object if echo else values.to_struct(result.outputs)
        )

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: ANN401, N802  likewise
        """Keep the outputs of a component or the stack."""
        self._deployment.register_outputs(request.urn, values.from_struct(request.outputs))
        return empty_pb2.Empty()

    def ReadResource(self, request: Any) -> Any:  # noqa: ANN401, N802  likewise
        """Look up a live resource or another stack's outputs."""
        goal = self._goal(from_read_request, request)
        if goal.type == STACK_REFERENCE_TYPE:
            result = self._stack_reference(goal)
        else:
            result = self._deployment.read(goal)
        return resource_pb2.ReadResourceResponse(
            urn=result.urn, id=result.id, properties=values.to_struct(result.outputs)
        )

    def Invoke(self, request: Any) -> Any:  # noqa: ANN401, N802  likewise
        """Answer a provider function."""
        try:
            answer = invoke.invoke(self._context, request.tok, values.from_struct(request.args))
        except UnsupportedError as error:
            self._deployment.fail(error)
            raise
        response = resource_pb2.ResourceInvokeResponse()
        getattr(response, "return").CopyFrom(values.to_struct(answer))  # the field's name is a keyword
        return response

    def GetDeploymentInfo(self, request: object) -> Any:  # noqa: ANN401, N802  likewise
        """Name the features that the engine has."""
        del request
        return resource_pb2.DeploymentInfo(supportedFeatures=_FEATURES)

    def SupportsFeature(self, request: Any) -> Any:  # noqa: ANN401, N802  likewise
        """Say whether the engine has one feature, for an older SDK."""
        return resource_pb2.SupportsFeatureResponse(hasSupport=request.id in _LEGACY_FEATURES)

    def Call(self, request: Any) -> NoReturn:  # noqa: ANN401, N802  likewise
        """Refuse a method call on a resource."""
        self._refuse(f"the method `{request.tok}`")

    def ExistsResource(self, request: Any) -> NoReturn:  # noqa: ANN401, N802  likewise
        """Refuse to tell whether a resource exists."""
        self._refuse(f"`exists` of `{request.type}`")

    def RegisterPackage(self, request: Any) -> NoReturn:  # noqa: ANN401, N802  likewise
        """Refuse a parameterized package."""
        self._refuse(f"the parameterized package `{request.name}`")

    def RegisterStackTransform(self, request: Any) -> Any:  # noqa: ANN401, N802  likewise
        """Take a transform of every resource to come."""
        self._transforms.add_to_stack(request.token)
        return empty_pb2.Empty()

    def RegisterStackInvokeTransform(self, request: object) -> NoReturn:  # noqa: N802  likewise
        """Refuse an invoke transform."""
        self._refuse("the invoke transform", request)

    def RegisterResourceHook(self, request: object) -> NoReturn:  # noqa: N802  likewise
        """Refuse a resource hook."""
        self._refuse("the resource hook", request)

    def RegisterErrorHook(self, request: object) -> NoReturn:  # noqa: N802  likewise
        """Refuse an error hook."""
        self._refuse("the error hook", request)

    def _goal(self, read: Callable[..., Registration], request: object) -> Registration:
        project = self._context.project
        try:
            return read(request, project.name, self._context.stack, project.directory)
        except UnsupportedError as error:
            self._deployment.fail(error)
            raise

    def _stack_reference(self, goal: Registration) -> Resource:
        try:
            outputs, secret_names = invoke.stack_outputs(self._context, goal.id)
            resource = self._deployment.resource(goal)
        except EngineError as error:
            self._deployment.fail(error)
            if not self._preview:
                raise
            # The SDK leaves coroutines behind, and Python says so, when a reference fails: planning goes on.
            unknown = {"name": goal.id, "outputs": values.UNKNOWN, "secretOutputNames": values.UNKNOWN}
            return Resource(goal.urn, goal.type, custom=True, id=goal.id, outputs=unknown)
        properties = {"name": goal.id, "outputs": outputs, "secretOutputNames": secret_names}
        result = replace(resource, inputs={"name": goal.id}, outputs=properties)
        self._deployment.add_external(result)
        return result

    def _refuse(self, what: str, request: object = None) -> NoReturn:
        del request
        error = UnsupportedError(
            f"{what} is not handled by the embedded engine; nothing was changed: use `pulumi up`"
        )
        self._deployment.fail(error)
        raise error

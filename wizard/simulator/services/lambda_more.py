"""Lambda's operations that moto does not have, and those that it answers otherwise than AWS."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from moto.awslambda import urls
from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import FunctionUrlConfig, LambdaBackend
from moto.awslambda.policy import Policy
from moto.awslambda.responses import LambdaResponse

from wizard.simulator.services.patching import Method, replace, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable

_NAME = r"(?P<function_name>[\w_:%-]+)"
_ROUTES = ("urls", "runtime-management-config", "provisioned-concurrency")


def patch_more() -> None:
    """Answer what moto does not."""
    for route in _ROUTES:
        path = rf"{{0}}/(?P<api_version>[^/]+)/functions/{_NAME}/{route}$"
        urls.url_paths[path] = LambdaResponse.dispatch
    _patch_reads()
    _patch_layers()
    _patch_mappings()
    _patch_policy()


def _named(response: LambdaResponse) -> Any:
    return response.backend.get_function(unquote(response.path.split("/")[-2]), None)


def _patch_reads() -> None:
    @replace(LambdaResponse, "list_function_url_configs")
    def list_function_url_configs(self: LambdaResponse) -> str:
        found = _named(self).url_config
        return json.dumps({"FunctionUrlConfigs": [found.to_dict()] if found else []})

    @replace(LambdaResponse, "get_runtime_management_config")
    def get_runtime_management_config(self: LambdaResponse) -> str:
        function = _named(self)
        kept = function.__dict__.get("runtime_updates", {"UpdateRuntimeOn": "Auto"})
        return json.dumps({**kept, "FunctionArn": function.function_arn})

    @replace(LambdaResponse, "put_runtime_management_config")
    def put_runtime_management_config(self: LambdaResponse) -> str:
        function = _named(self)
        function.__dict__["runtime_updates"] = dict(self.json_body)
        return json.dumps({**self.json_body, "FunctionArn": function.function_arn})

    @replace(LambdaResponse, "list_provisioned_concurrency_configs")
    def list_provisioned_concurrency_configs(self: LambdaResponse) -> str:
        return json.dumps({"ProvisionedConcurrencyConfigs": _named(self).__dict__.get("warm", [])})

    @replace(LambdaResponse, "get_function_code_signing_config")
    def get_function_code_signing_config(self: LambdaResponse) -> str:
        function = _named(self)
        found = {"FunctionName": function.function_name}
        if function.code_signing_config_arn:
            found["CodeSigningConfigArn"] = function.code_signing_config_arn
        return json.dumps(found)

    @wrap(FunctionUrlConfig, "to_dict")
    def to_dict(original: Method, self: Any) -> dict[str, Any]:
        found: dict[str, Any] = original(self)
        return {**found, "InvokeMode": str(found["InvokeMode"]).upper()}


def _patch_layers() -> None:
    @replace(LambdaResponse, "get_layer_version_by_arn")
    def get_layer_version_by_arn(self: LambdaResponse) -> str:
        arn = self.querystring["Arn"][0]
        found = None
        if arn.split(":")[3] == self.region:
            found = self.backend.layers_versions_by_arn(arn)
        if found is None:
            raise LambdaClientError("ResourceNotFoundException", f"Layer version {arn} not found.")
        return json.dumps(found.get_layer_version())


def _patch_mappings() -> None:
    @replace(LambdaBackend, "list_event_source_mappings")
    def list_event_source_mappings(
        self: LambdaBackend, event_source_arn: str | None, function_name: str | None
    ) -> Iterable[Any]:
        return [
            one
            for one in self._event_source_mappings.values()
            if (not event_source_arn or one.event_source_arn == event_source_arn)
            and (not function_name or _same_function(one.function_arn, function_name))
        ]

    @wrap(LambdaBackend, "create_event_source_mapping")
    def create_event_source_mapping(
        original: Method, self: LambdaBackend, spec: dict[str, Any]
    ) -> Any:
        asked = str(spec.get("FunctionName", ""))
        for one in self.list_event_source_mappings(spec.get("EventSourceArn", ""), asked):
            raise LambdaClientError(
                "ResourceConflictException",
                f"An event source mapping with {spec['EventSourceArn']} and {asked} already "
                f"exists. Please update or delete the existing mapping with UUID {one.uuid}",
            )
        return original(self, spec)


def _same_function(arn: str, name: str) -> bool:
    return (
        arn.partition(":function:")[2].partition(":")[0]
        == (name.partition(":function:")[2] or name).partition(":")[0]
    )


def _patch_policy() -> None:
    @wrap(Policy, "add_statement")
    def add_statement(original: Method, self: Any, raw: str, qualifier: str | None = None) -> Any:
        sid = json.loads(raw).get("StatementId")
        if any(one.get("Sid") == sid for one in self.statements):
            raise LambdaClientError(
                "ResourceConflictException",
                f"The statement id ({sid}) provided already exists. Please provide a new statement "
                "id, or remove the existing statement.",
            )
        return original(self, raw, qualifier)

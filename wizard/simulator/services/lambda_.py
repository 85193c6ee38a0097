"""Lambda: functions are Pending at first, keep what they were given, and are listed in fifties.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
"""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.awslambda.responses import LambdaResponse

from wizard.simulator.services.lambda_code import patch_locations
from wizard.simulator.services.lambda_more import patch_more
from wizard.simulator.services.lambda_refusals import patch_refusals
from wizard.simulator.services.paging import BadTokenError, page
from wizard.simulator.services.patching import Method, exclusively, put, replace, wrap

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock
    from wizard.simulator.world import World

CREATING_SECONDS = 8.0
PAGE = 50
# What moto forgets of a request.
KEPT = ("LoggingConfig", "DeadLetterConfig", "FileSystemConfigs", "SnapStart")
UPDATING_SECONDS = 3.0


def install(clock: AccountClock, _world: World) -> None:
    """Make functions take account time to become Active."""
    _patch_state(clock)
    _patch_configuration(clock)
    _patch_list()
    patch_refusals()
    patch_more()
    patch_locations(clock)
    # They look at all functions, layers or mappings, and then add one.
    exclusively(
        threading.RLock(),
        LambdaBackend,
        "create_function",
        "list_functions",
        "publish_layer_version",
        "publish_version",
        "create_event_source_mapping",
        "list_event_source_mappings",
        "delete_function",
    )


def _patch_state(clock: AccountClock) -> None:
    def state(self: Any) -> str:
        kept: str = self.__dict__["state"]
        return "Pending" if kept == "Active" and clock.now() < self.active_at else kept

    def set_state(self: Any, value: str) -> None:
        self.__dict__["state"] = value

    put(LambdaFunction, "state", property(state, set_state))
    put(LambdaFunction, "active_at", 0.0)
    put(LambdaFunction, "updated_at", 0.0)

    @wrap(LambdaBackend, "create_function")
    def create_function(original: Method, self: LambdaBackend, spec: dict[str, Any]) -> Any:
        made = original(self, spec)
        latest = self.get_function(made.function_name, None)
        for function in {id(made): made, id(latest): latest}.values():
            function.__dict__["active_at"] = clock.now() + CREATING_SECONDS
            function.__dict__["kept"] = {name: spec[name] for name in KEPT if name in spec}
        return made

    for operation in ("update_function_code", "update_function_configuration"):

        @wrap(LambdaBackend, operation)
        def update(
            original: Method, self: LambdaBackend, function_name: str, *rest: Any, **named: Any
        ) -> Any:
            found: Any = self.get_function(function_name, None)
            if found.state == "Pending":
                raise LambdaClientError(
                    "ResourceConflictException",
                    "The operation cannot be performed at this time. The function is currently in "
                    "the following state: Pending",
                )
            if clock.now() < found.updated_at:
                raise LambdaClientError(
                    "ResourceConflictException",
                    "The operation cannot be performed at this time. An update is in progress for "
                    f"resource: {found.function_arn}",
                )
            found.__dict__["updated_at"] = clock.now() + UPDATING_SECONDS
            return original(self, function_name, *rest, **named)


def _patch_configuration(clock: AccountClock) -> None:
    @wrap(LambdaFunction, "get_configuration")
    def get_configuration(
        original: Method,
        self: Any,
        on_create: bool = False,  # noqa: FBT001, FBT002  moto's own signature
    ) -> dict[str, Any]:
        found: dict[str, Any] = original(self, on_create)
        found["LoggingConfig"] = {
            "LogFormat": "Text",
            "LogGroup": f"/aws/lambda/{self.function_name}",
        }
        found.update(self.__dict__.get("kept", {}))
        if clock.now() < self.updated_at:
            found["LastUpdateStatus"] = "InProgress"
        if found["State"] == "Pending":
            found["StateReasonCode"] = "Creating"
            found["StateReason"] = "The function is being created."
        return found

    @wrap(LambdaFunction, "update_configuration")
    def update_configuration(
        original: Method, self: Any, config_updates: dict[str, Any]
    ) -> dict[str, Any]:
        kept = self.__dict__.setdefault("kept", {})
        kept.update({name: config_updates[name] for name in KEPT if name in config_updates})
        if "KMSKeyArn" in config_updates:
            self.kms_key_arn = config_updates["KMSKeyArn"] or None
        if "TracingConfig" in config_updates:
            self.tracing_config = config_updates["TracingConfig"]
        if "EphemeralStorage" in config_updates:
            self.ephemeral_storage = config_updates["EphemeralStorage"]["Size"]
        updated: dict[str, Any] = original(self, config_updates)
        return updated


def _patch_list() -> None:
    @replace(LambdaResponse, "list_functions")
    def list_functions(self: LambdaResponse) -> str:
        asked = {name: values[0] for name, values in self.querystring.items()}
        found = self.backend.list_functions(asked.get("FunctionVersion"))
        rows = [function.get_configuration() for function in found]
        size = min(int(asked.get("MaxItems") or PAGE), PAGE)
        try:
            part, token = page(rows, asked.get("Marker"), size)
        except BadTokenError as error:
            raise LambdaClientError(
                "InvalidParameterValueException", "Invalid pagination token"
            ) from error
        answer: dict[str, Any] = {"Functions": part}
        if token is not None:
            answer["NextMarker"] = token
        return json.dumps(answer)

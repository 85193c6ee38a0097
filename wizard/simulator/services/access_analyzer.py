"""IAM Access Analyzer: what it finds in a policy document before it is used.

moto has no such service, so one is put in its place: a backend without state.
https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ValidatePolicy.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
"""

from __future__ import annotations

import re
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from moto import backend_index
from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.responses import ActionResult, BaseResponse

from wizard.simulator.services.access_analyzer_checks import findings
from wizard.simulator.services.errors import refusal

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock
    from wizard.simulator.world import World

_TYPES = ("IDENTITY_POLICY", "RESOURCE_POLICY", "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY")
_HOST = r"https?://access-analyzer\.(.+)\.amazonaws\.com"


class AccessAnalyzerBackend(BaseBackend):
    """Has no state: a document is checked and forgotten."""

    @property
    def _url_module(self) -> Any:
        return sys.modules[__name__]


class AccessAnalyzerResponse(BaseResponse):
    """Answers the service's calls."""

    def __init__(self) -> None:
        super().__init__(service_name="accessanalyzer")
        self.automated_parameter_parsing = True

    def validate_policy(self) -> ActionResult:
        """ValidatePolicy."""
        kind = str(self._get_param("policyType"))
        if kind not in _TYPES:
            raise refusal(
                "ValidationException",
                f"Value '{kind}' at 'policyType' failed to satisfy constraint: Member must satisfy "
                f"enum value set: [{', '.join(_TYPES)}]",
            )
        found = findings(
            str(self._get_param("policyDocument")),
            resource_policy=kind == "RESOURCE_POLICY",
            resource_type=str(self._get_param("validatePolicyResourceType") or ""),
        )
        return ActionResult({"findings": found})


accessanalyzer_backends = BackendDict(AccessAnalyzerBackend, "accessanalyzer")
url_bases = [_HOST]
url_paths = {"{0}/policy/validation$": AccessAnalyzerResponse.dispatch}


def install(_clock: AccountClock, _world: World) -> None:
    """Make moto find the service by its host, and its backend by its name."""
    stand_in = ModuleType("moto.accessanalyzer")
    stand_in.__dict__["accessanalyzer_backends"] = accessanalyzer_backends
    sys.modules.setdefault("moto.accessanalyzer", stand_in)
    if not any(name == "accessanalyzer" for name, _ in backend_index.backend_url_patterns):
        backend_index.backend_url_patterns.append(("accessanalyzer", re.compile(_HOST)))

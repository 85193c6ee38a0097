"""What stands around an imported function, everything that sets it off disabled."""

from collections.abc import Iterator
from typing import ClassVar

from steps.lambda_arns import existing, moved
from steps.lambda_around import Around
from steps.lambda_attached import attach
from steps.lambda_clocks import rule_in, rules_of, schedule_in, schedules_of
from steps.lambda_facts import attached_in
from wizard.effects import Facts, Json
from wizard.step import Action, Difference, Differences, Patience, Reads, Writes, step


@step("lambda.triggers")
class Triggers(Action, frozen=True, kw_only=True):
    """Aliases, permissions, URL, concurrency, asynchronous invocation, event source mappings,
    EventBridge rules and schedules of a function, as in the source region.

    Mappings, rules and schedules are made disabled: a job that runs in two regions runs twice.
    What is there already is left as it is. What names a queue, topic or stream is only made when
    there is one of that name here.
    """

    volatile: ClassVar[tuple[str, ...]] = ("source",)
    """The reference region's triggers."""

    name: str
    source: str
    """The source region."""
    region: str

    patience = Patience(every=5, limit=300)

    def observe(self) -> Reads[Facts | None]:
        there = yield from attached_in(self.name, self.source)
        if there is None:
            return None
        arns = [there["arn"], *(f"{there['arn']}:{alias}" for alias in there["aliases"])]
        rules = yield from rules_of(arns, self.source)
        schedules = yield from schedules_of(arns, self.source)
        destinations = (there["invoke"].get("DestinationConfig") or {}).values()
        named = [
            *there["mappings"],
            *(one["Destination"] for one in destinations if one.get("Destination")),
        ]
        at_home = yield from existing(moved(named, self.source, self.region))
        here = yield from attached_in(self.name, None)
        if here is not None:
            here = {**here, "rules": {}, "schedules": {}}
            for name in rules:
                here["rules"][name] = yield from rule_in(name, None)
            for key in schedules:
                here["schedules"][key] = yield from schedule_in(key, None)
        return {
            "source": {**there, "rules": rules, "schedules": schedules},
            "existing": at_home,
            "here": here,
        }

    def around(self, found: Facts) -> Around:
        """What is to stand around it here."""
        return Around(self.name, self.source, self.region, found)

    def differences(self, found: Facts | None) -> Differences:
        if found is None:
            reason = f"There is no function {self.name} in {self.source} any more."
            return (Difference("source", None, self.name, reason=reason, fixable=False),)
        here = found["here"] or {}
        if here.get("state") == "Pending":
            return (Difference("state", "Pending", "Active", settles=True),)
        around = self.around(found)
        there = around.there
        wanted: dict[str, Json] = {
            "concurrency": there["concurrency"],
            "invoke": around.invoke(),
            "runtime_updates": {"FunctionUpdate": "FunctionUpdate"}.get(there["runtime_updates"]),
        }
        have: dict[str, Json] = {key: here.get(key) for key in wanted}
        # What somebody set here is theirs: reserved concurrency of 0 is how a function is stopped.
        for key, unset in (("concurrency", None), ("invoke", {}), ("runtime_updates", "Auto")):
            if have[key] not in (None, unset):
                wanted[key] = None
        for key, names in (
            ("aliases", around.aliases()),
            ("urls", around.urls()),
            ("permissions", list(around.permissions())),
            ("mappings", list(around.mappings())),
            ("schedules", list(there["schedules"])),
        ):
            wanted[key] = names
            known = here.get(key) or {}
            have[key] = [name for name in names if known.get(name) is not None]
        wanted["rules"] = list(there["rules"])
        have["rules"] = [
            name for name, rule in there["rules"].items() if self._aims(here, name, rule)
        ]
        return tuple(self._set_off_at_once(here, there["rules"])) or tuple(
            Difference(field, have[field], value)
            for field, value in wanted.items()
            if value not in (None, [], {}) and have[field] != value
        )

    def _set_off_at_once(self, here: Facts, rules: Facts) -> Iterator[Difference]:
        """Rules of the same names that are at work here: the function would run with them."""
        for name, rule in rules.items():
            known = (here.get("rules") or {}).get(name)
            if known and known["state"] != "DISABLED" and not self._aims(here, name, rule):
                reason = (
                    f"Rule {name} is here already and enabled: the function would be set off at "
                    "once, and in two regions. Disable the rule, then retry; or add the function "
                    "to it by hand."
                )
                yield Difference(f"rule {name}", known["state"], "DISABLED", reason, fixable=False)

    def _aims(self, here: Facts, name: str, rule: Facts) -> bool:
        """Whether the rule of that name here has the function as target."""
        known = (here.get("rules") or {}).get(name) or {"targets": {}}
        return moved(rule["arn"], self.source, self.region) in known["targets"].values()

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        known: Facts = found or {}
        fields = {one.field for one in differences}
        yield from attach(self.around(known), known["here"] or {}, fields)

    def outputs(self, found: Facts | None) -> Facts:
        """`disabled`: to be enabled when the region goes live; `notes`: what is not here."""
        if found is None or not found["here"]:
            return {"name": self.name}
        around = self.around(found)
        notes = list(around.notes())
        return {
            "name": self.name,
            "disabled": [
                *around.mappings(),
                *(f"rule {name}" for name in around.there["rules"]),
                *(f"schedule {key}" for key in around.there["schedules"]),
            ],
            "urls": {key: one["AuthType"] for key, one in (found["here"]["urls"] or {}).items()},
            "notes": notes,
            "why": "; ".join(notes),
        }

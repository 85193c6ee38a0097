"""Whether the app's own address stays the same when cores come and go."""

from urllib.parse import urlsplit

from msgspec.structs import force_setattr

from steps.route53_records import ADDRESSES, plain, records_at, told, zone_key
from wizard.effects import Facts
from wizard.step import Difference, Differences, Probe, Reads, step


@step("cover.elastic")
class Elastic(Probe, frozen=True, kw_only=True):
    """The host of the app's connectionURI is an alias of the load balancer, not of an instance.

    Without `connection_uri`, a person confirms that the app uses `name`.
    """

    zone_id: str
    name: str
    load_balancer_dns: str
    connection_uri: str = ""

    def __post_init__(self) -> None:
        if not self.connection_uri and not self.attest:
            force_setattr(
                self,
                "attest",
                f"Confirm that the app's connectionURI has the host {plain(self.name)}.",
            )

    def observe(self) -> Reads[Facts | None]:
        records = yield from records_at(zone_key(self.zone_id), self.name)
        host = urlsplit(self.connection_uri).hostname if self.connection_uri else None
        return {
            "connection_uri_host": host,
            "records": [told(record) for record in records if record["Type"] in ADDRESSES],
        }

    def differences(self, found: Facts | None) -> Differences:
        name = plain(self.name)
        alias = f"A alias dualstack.{plain(self.load_balancer_dns)}"
        records = found["records"] if found else []
        wrong = []
        if records not in ([alias], [alias.replace("dualstack.", "")]):
            wrong.append(
                Difference(
                    "record",
                    records,
                    [alias],
                    reason=f"{name} is {'; '.join(records) or 'no record'}, not an alias of the "
                    "load balancer: with every instance that is added or replaced it would have "
                    "to change.",
                )
            )
        if self.connection_uri and found and plain(found["connection_uri_host"] or "") != name:
            wrong.append(
                Difference(
                    "connectionURI",
                    found["connection_uri_host"],
                    name,
                    reason=f"The connectionURI given has the host {found['connection_uri_host']}: "
                    f"the app's requests do not come by {name}.",
                )
            )
        return tuple(wrong)

    def instructions(self, found: Facts | None) -> str:
        return (
            f"Let {plain(self.name)} be an alias of the load balancer, and the app's connectionURI "
            "have that host; the wizard looks at the record again by itself."
        )

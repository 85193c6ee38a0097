"""What CloudTrail records of each call: a layer around the work, so that a call whose answer is
lost on the way back is recorded all the same, as AWS does.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

import uuid

from wizard.simulator.clock import AccountClock
from wizard.simulator.middleware.call import Answer, Call, Handler
from wizard.simulator.middleware.identify import UNKNOWN
from wizard.simulator.world import Recorded, World

KEPT = 90 * 86400.0
"""Account seconds for which the event history goes back."""

MOST = 100_000

DATA_EVENTS = {
    "cloudwatch": {"GetMetricData", "GetMetricStatistics", "PutMetricData"},
    "lambda": {"Invoke"},
    "s3": {
        "AbortMultipartUpload",
        "CompleteMultipartUpload",
        "CopyObject",
        "CreateMultipartUpload",
        "DeleteObject",
        "DeleteObjects",
        "DeleteObjectTagging",
        "GetObject",
        "GetObjectTagging",
        "HeadBucket",
        "HeadObject",
        "ListObjects",
        "ListObjectsV2",
        "ListObjectVersions",
        "PutObject",
        "PutObjectTagging",
        "UploadPart",
    },
    "sns": {"Publish", "PublishBatch"},
}
"""Operations on what is stored, which the event history does not record.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
"""

_GLOBAL = frozenset({"account", "cloudfront", "iam", "route53"})
"""Services whose events all stand in us-east-1.
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html"""


class Trail:
    """Records management events, the account's own history of who did what."""

    def __init__(self, clock: AccountClock, world: World) -> None:
        self._clock = clock
        self._world = world

    def __call__(self, call: Call, inner: Handler) -> Answer:
        answer = inner(call)
        if call.operation != UNKNOWN and call.operation not in DATA_EVENTS.get(call.service, ()):
            self._record(call, answer.error_code)
        return answer

    def _record(self, call: Call, error_code: str | None) -> None:
        event = Recorded(
            event_id=str(uuid.uuid4()),
            account_time=call.arrived,
            service=call.service,
            operation=call.operation,
            region="us-east-1" if call.service in _GLOBAL else call.region,
            access_key=call.access_key,
            request_id=call.request_id,
            error_code=error_code or "",
        )
        with self._world.lock:
            trail = self._world.trail
            trail.append(event)
            too_old = self._clock.now() - KEPT
            if len(trail) > MOST or trail[0].account_time < too_old:
                self._world.trail = [one for one in trail if one.account_time >= too_old][-MOST:]

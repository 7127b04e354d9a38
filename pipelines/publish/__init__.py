"""Publication: the published tables as files, the workbook, the page, the manifest, and their verification.

Belongs here: form, order, disclosure control and the folder. Does not belong here: anything about points.
"""

from pipelines.publish.publication import PublishResult, publish
from pipelines.publish.verify import verify

__all__ = ["PublishResult", "publish", "verify"]

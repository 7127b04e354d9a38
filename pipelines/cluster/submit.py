"""The command `isf` for spark-submit, which takes a file:

spark-submit --master spark://host:7077 pipelines/cluster/submit.py settle DELIVERY --home HOME --engine spark
"""

import sys
from pathlib import Path

# The folder of this file comes first on the path, and has modules of common names.
sys.path[0] = str(Path(__file__).resolve().parents[2])

from pipelines.__main__ import main  # noqa: E402

if __name__ == "__main__":
    main()

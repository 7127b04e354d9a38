"""The command `isf` for spark-submit, which takes a file:

spark-submit --master spark://host:7077 pipelines/cluster/submit.py settle DELIVERY --home HOME --engine spark
"""

import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    # The folder of this file comes first on the path, and has modules of common names.
    sys.path[0] = str(Path(__file__).resolve().parents[2])
    runpy.run_module("pipelines", run_name="__main__")

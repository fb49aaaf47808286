import os
import json  # noqa: F401
from typing import List, Optional

x: Optional[List[int]] = None

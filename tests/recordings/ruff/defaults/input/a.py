import os
from typing import Optional

x: Optional[int] = 1

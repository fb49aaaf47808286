from typing import Optional

x: Optional[int] = None

match x:
    case None:
        pass

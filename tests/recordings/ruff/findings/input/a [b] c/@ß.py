é = 1; import os.path

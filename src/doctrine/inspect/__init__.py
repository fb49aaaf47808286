"""doctrine's own inspectors, one module per concern, each found by being here.

A module defines ``INSPECTOR: ProjectInspector | FileInspector``. Inspectors are pure: they get
values and return a reading, like any other tool, and run in doctrine's own process.
"""

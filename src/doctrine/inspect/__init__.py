"""doctrine's own inspectors, one module per concern, each found by being here.

A module defines an ``INSPECTOR``: a ``FileInspector``, a ``ProjectInspector``, or a
``GatheringInspector``, which is both. Inspectors are pure: they get
values and return a reading, like any other tool, and run in doctrine's own process.
"""

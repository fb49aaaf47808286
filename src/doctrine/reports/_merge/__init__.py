"""Makes one report of the reports of a project's parts. Pure.

A merged report says of the project what was said of its parts, and never more: a clause has the worst
outcome that it has in any part, so nothing holds that did not hold wherever it applies. What only
the whole could show (a condition that one part meets half of, and another the other half) is not
judged anew.
"""

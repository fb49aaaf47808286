"""From runs, findings and facts to the outcome of one check. Pure.

The order of questions is the promise: a finding fails before anything else; then trouble with the
tool is an error; then what could not be decided is unverified; and only silence with proof that
the files were read passes.
"""

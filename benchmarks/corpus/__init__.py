"""The labelled corpus: doctrine's verdicts on real projects, held against what people read there.

``python -m benchmarks.corpus --help`` shows the commands; ``corpus/README.md`` the labels.
"""

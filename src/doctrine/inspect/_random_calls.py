"""The functions of the ``random`` module that draw something."""

from __future__ import annotations

from doctrine.inspect._word_set import word_set

_FUNCTIONS = word_set("""betavariate binomialvariate choice choices expovariate gammavariate gauss getrandbits
    lognormvariate normalvariate paretovariate randbytes randint random randrange sample shuffle
    triangular uniform vonmisesvariate weibullvariate""")
DRAWS = frozenset(
    f"{owner}.{function}" for owner in ("random", "random.Random()") for function in _FUNCTIONS
)
"""Their dotted names, of the module's own generator and of one that a file makes."""
LANGUAGE = word_set("""allennlp flax gensim jax keras nltk sentencepiece spacy tensorflow tiktoken tokenizers torch
    transformers""")
"""Libraries that process language, where tokens are words."""

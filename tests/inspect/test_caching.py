from __future__ import annotations

import pytest

from doctrine.inspect.caching import INSPECTOR
from tests.inspect.build import rules, seen
from tests.inspect.code import gathered

PATH = "src/app/a.py"


@pytest.mark.parametrize(
    "source",
    [
        "_CACHE = {}\ndef f(k):\n    if k in _CACHE:\n        return _CACHE[k]\n    _CACHE[k] = k\n",
        "name_cache: dict[str, int] = dict()\ndef f(k):\n    return name_cache.setdefault(k, 1)\n",
        (
            "memo = {}\ndef f(k):\n    try:\n        return memo[k]\n    except KeyError:\n"
            "        memo[k] = v = g(k)\n        return v\n"
        ),
        (
            "class A:\n    _cache = {}\n    def f(self, k):\n        if k not in self._cache:\n"
            "            self._cache[k] = 1\n        return self._cache[k]\n"
        ),
    ],
)
def test_a_dictionary_that_is_asked_first_and_filled_later(source: str) -> None:
    assert rules(gathered(INSPECTOR, {PATH: source})) == {"dictionary-cache"}


@pytest.mark.parametrize(
    "source",
    [
        "_CACHE = {}\n",
        "_CACHE = {'a': 1}\ndef f(k):\n    return _CACHE.get(k)\n",
        "_CACHE = {}\ndef f(k):\n    _CACHE[k] = 1\n",
        "def f(k):\n    cache = {}\n    if k in cache:\n        cache[k] = 1\n",
        "REGISTRY = {}\ndef f(k):\n    return REGISTRY.setdefault(k, 1)\n",
        "_CACHE = TTLCache(9, 9)\ndef f(k):\n    if k in _CACHE:\n        _CACHE[k] = 1\n",
        "from functools import lru_cache\n@lru_cache\ndef f(k):\n    return k\n",
    ],
)
def test_what_is_no_cache_by_hand(source: str) -> None:
    assert rules(gathered(INSPECTOR, {PATH: source})) == set()


@pytest.mark.parametrize(
    ("source", "bounded"),
    [
        ("self.get = lru_cache(maxsize=9)(self.get)", True),
        ("self.get = lru_cache(None)(self.get)", False),
        ("self.get = functools.cache(self.get)", False),
        ("get = lru_cache(get)", True),
    ],
)
def test_a_cache_that_is_put_on_at_run_time(source: str, bounded: bool) -> None:
    found = gathered(
        INSPECTOR, {PATH: f"import functools\nfrom functools import lru_cache\n{source}\n"}
    )
    assert rules(found) == set()
    (kept,) = [one for one in found.supports if one.rule == "uncached-operation"]
    assert kept.evidence.detail.endswith(" keeps the results of get()")
    told = {rule for rule, *_ in seen(found)}
    assert ("unbounded-cache" not in told) is bounded


def test_the_size_of_a_cache_is_nothing_that_it_keeps() -> None:
    source = "from functools import lru_cache\n@lru_cache(SIZE)\ndef get(k):\n    return k\n"
    found = gathered(INSPECTOR, {PATH: source})
    assert [one.rule for one in found.supports].count("uncached-operation") == 1


@pytest.mark.parametrize(
    ("decorator", "head", "bounded"),
    [
        ("@cache", "from functools import cache", False),
        ("@functools.lru_cache(maxsize=None)", "import functools", False),
        ("@functools.lru_cache(None)", "import functools", False),
        ("@functools.lru_cache", "import functools", True),
        ("@lru(8)", "from functools import lru_cache as lru", True),
    ],
)
def test_a_cache_without_bound_is_advice(decorator: str, head: str, bounded: bool) -> None:
    source = f"{head}\n{decorator}\ndef f(k):\n    return k\n"
    found = {rule for rule, *_ in seen(gathered(INSPECTOR, {PATH: source}))}
    assert ("unbounded-cache" not in found) is bounded


def test_a_function_without_arguments_has_one_result() -> None:
    source = "from functools import cache\n@cache\ndef f():\n    return 1\n"
    assert "unbounded-cache" not in {rule for rule, *_ in seen(gathered(INSPECTOR, {PATH: source}))}


@pytest.mark.parametrize(
    ("source", "threads", "advised"),
    [
        ("@cached(TTLCache(9, 9))", True, True),
        ("@cached(TTLCache(9, 9))", False, False),
        ("@cached(TTLCache(9, 9), lock=Lock())", True, False),
        ("@cached(TTLCache(9, 9), key, Lock())", True, False),
    ],
)
def test_a_lock_is_advised_under_threads(source: str, threads: bool, advised: bool) -> None:
    text = f"from cachetools import TTLCache, cached\n{source}\ndef f(k):\n    return k\n"
    reading = gathered(INSPECTOR, {PATH: text}, facts={"concurrent": threads})
    assert ("memory-cache-advice" in {rule for rule, *_ in seen(reading)}) is advised


@pytest.mark.parametrize(
    ("source", "counts"),
    [
        ("import shelve\ndef f():\n    shelve.open('cache.db')", True),
        ("import shelve\nPAGE_CACHE = shelve.open('pages')", True),
        ("import pickle\ndef save_cache(x):\n    pickle.dump(x, open('a', 'wb'))", True),
        ("import shelve\ndef f():\n    shelve.open('people.db')", False),
        ("import pickle\ndef save(model):\n    pickle.dump(model, open('model.pkl', 'wb'))", False),
        ("import pickle\ndef save_cache(x):\n    return pickle.dumps(x)", False),
    ],
)
def test_a_file_that_its_own_words_call_a_cache(source: str, counts: bool) -> None:
    found = rules(gathered(INSPECTOR, {PATH: source}))
    assert found == ({"hand-made-disk-cache"} if counts else set())


@pytest.mark.parametrize(
    ("source", "caches"),
    [
        ("import joblib\nM = joblib.Memory('d')", True),
        ("import joblib as j\nM = j.Memory('d')", True),
        ("import joblib.memory\nM = joblib.memory.Memory('d')", True),
        ("from joblib import Memory as Kept\nM = Kept('d')", True),
        ("from joblib import Parallel, memory\nM = memory.Memory('d')", True),
        ("import joblib\njoblib.Parallel(2)(jobs)", False),
        ("import joblib\njoblib.dump(model, 'm')  # not a joblib.Memory", False),
        ("from joblib import Parallel, delayed\nParallel(2)(jobs)", False),
        ("from joblib import Memory\ndef f(m):\n    return isinstance(m, Memory)", False),
    ],
)
def test_joblib_caches_where_it_is_given_a_memory(source: str, caches: bool) -> None:
    reading = gathered(INSPECTOR, {PATH: source})
    said = {(one.rule, one.evidence.path, one.evidence.line) for one in reading.supports}
    assert (("hand-made-disk-cache", PATH, 1) in said) is caches
    assert (("uncached-operation", PATH, 1) in said) is caches


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("_CACHE = {}\ndef f(k):\n    return _CACHE.setdefault(k, 1)\n", "_CACHE caches here"),
        ("import shelve\ndef f():\n    shelve.open('cache.db')", "shelve.open caches here"),
    ],
)
def test_a_cache_by_hand_is_a_cache_all_the_same(source: str, told: str) -> None:
    reading = gathered(INSPECTOR, {PATH: source})
    said = [one.evidence.detail for one in reading.supports if one.rule == "uncached-operation"]
    assert said == [told]
    assert "uncached-operation" not in reading.undecided


@pytest.mark.parametrize(
    ("arguments", "advised"), [("'d'", True), ("'d', disk=diskcache.JSONDisk", False)]
)
def test_a_cache_of_pickles_names_both_clauses(arguments: str, advised: bool) -> None:
    source = f"import diskcache\nC = diskcache.Cache({arguments})\n"
    reading = gathered(INSPECTOR, {PATH: source})
    assert rules(reading) == set()
    advice = [one.message for one in reading.findings if one.rule == "disk-cache-advice"]
    assert bool(advice) is advised
    assert all("DEP005" in one and "CCH003" in one for one in advice)


def test_a_backend_of_djangos_cache_is_made_for_others() -> None:
    source = (
        "from django.core.cache.backends.base import BaseCache\nclass A(BaseCache):\n    pass\n"
    )
    assert not gathered(INSPECTOR, {PATH: source}).supports

"""Which calls ask for a feature flag, and which of their arguments names it."""

from __future__ import annotations

import re

from tree_sitter import Node

from doctrine.inspect._arguments import keywords, positional
from doctrine.inspect._word_set import word_set

VENDORS = word_set("""ldclient flagsmith UnleashClient growthbook statsig configcatclient waffle flipper optimizely
    splitio posthog devcycle_python_sdk harness""")
"""Modules of the libraries that ask one provider's flags."""
NEUTRAL = frozenset({"openfeature"})
"""Modules of interfaces that several providers implement."""

METHODS = word_set("""is_enabled is_active variation variation_detail flag_is_active switch_is_active
    sample_is_active get_boolean_value get_boolean_details get_string_value get_integer_value
    get_float_value get_object_value is_feature_enabled feature_enabled get_feature_flag is_on is_off
    get_feature_value eval_feature check_gate get_value get_treatment get_variant get_variation
    bool_variation string_variation has_feature get_feature_value is_flag_enabled flag_enabled""")
"""Names of the calls that ask for a flag."""
OWN_METHODS = word_set("""is_enabled is_feature_enabled feature_enabled flag_is_active is_flag_enabled flag_enabled
    has_feature is_active""")
"""Those that a project calls its own."""
_SECOND = frozenset({"flag_is_active", "is_feature_enabled", "get_treatment"})
"""Calls whose flag may come second: a request, or a user, comes first."""
_NAMES = ("flag_key", "flag_name", "flag", "feature", "feature_name", "feature_key", "key", "name",
          "switch_name", "feature_flag")  # fmt: skip

_MANY_VALUED = word_set("""variation variation_detail get_string_value get_integer_value get_float_value
    get_object_value get_feature_flag get_feature_value get_value get_treatment get_variant get_variation
    string_variation""")
"""Calls whose answer may be more than on or off."""

PROVIDER = re.compile(r"(?i)(?:feature|flag)s?_?(?:flag|toggle|switch|provider|client|manager|"
                      r"service|gate|store|evaluator|backend)s?|(?:^|[a-z_])flags$|^features?$")  # fmt: skip
"""Names of classes and modules that hand out flags."""
ENVIRONMENT = re.compile(
    r"^FEATURE_(?!.*_(?:SECONDS|TTL|URLS?|TIMEOUT|SIZE|PATH|DIR|COUNT|KEY|HOST|PORT|LIMIT|STORE)$)"
    r"[A-Z0-9_]+$"
)
"""Variables that switch a feature; settings of a feature (its timeout, its address) do not."""


def key_of(call: Node, method: str) -> Node | None:
    """Return the argument of a call that names the flag."""
    given, named = positional(call), keywords(call)
    for name in _NAMES:
        if name in named:
            return named[name]
    if method in _SECOND and len(given) > 1 and given[0].type != "string":
        return given[1]
    return given[0] if given else None


def is_many_valued(call: Node, method: str) -> bool:
    """Return whether a call asks which variant applies: its default, if any, is no truth value."""
    given = [*positional(call), *keywords(call).values()]
    return method in _MANY_VALUED and not any(one.type in {"true", "false"} for one in given)

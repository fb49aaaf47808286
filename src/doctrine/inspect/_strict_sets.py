"""Data: what the strict modes of mypy and pyright switch on.

Taken from the option tables of mypy 2.4.1 and pyright 1.1.414.
"""

from __future__ import annotations

MYPY_STRICT = (
    "disallow_any_generics",
    "disallow_subclassing_any",
    "disallow_untyped_calls",
    "disallow_untyped_defs",
    "disallow_incomplete_defs",
    "check_untyped_defs",
    "disallow_untyped_decorators",
    "warn_redundant_casts",
    "warn_unused_ignores",
    "warn_return_any",
    "no_implicit_reexport",
    "strict_equality",
    "extra_checks",
)

MYPY_ALIASES = {
    "allow_any_generics": ("disallow_any_generics", False),
    "allow_subclassing_any": ("disallow_subclassing_any", False),
    "allow_untyped_calls": ("disallow_untyped_calls", False),
    "allow_untyped_defs": ("disallow_untyped_defs", False),
    "allow_incomplete_defs": ("disallow_incomplete_defs", False),
    "allow_untyped_decorators": ("disallow_untyped_decorators", False),
    "implicit_reexport": ("no_implicit_reexport", False),
    "no_check_untyped_defs": ("check_untyped_defs", False),
    "no_warn_redundant_casts": ("warn_redundant_casts", False),
    "no_warn_unused_ignores": ("warn_unused_ignores", False),
    "no_warn_return_any": ("warn_return_any", False),
    "no_strict_equality": ("strict_equality", False),
    "no_extra_checks": ("extra_checks", False),
    "strict_concatenate": ("extra_checks", True),
}
"""Other spellings mypy accepts: the flag meant, and whether true means on."""

PYRIGHT_STRICT_ERRORS = frozenset(
    [
        "reportGeneralTypeIssues",
        "reportFunctionMemberAccess",
        "reportMissingImports",
        "reportInvalidTypeForm",
        "reportMissingTypeStubs",
        "reportUnusedImport",
        "reportUnusedClass",
        "reportUnusedFunction",
        "reportUnusedVariable",
        "reportDuplicateImport",
        "reportWildcardImportFromLibrary",
        "reportAbstractUsage",
        "reportArgumentType",
        "reportAssertTypeFailure",
        "reportAssignmentType",
        "reportAttributeAccessIssue",
        "reportCallIssue",
        "reportInconsistentOverload",
        "reportIndexIssue",
        "reportInvalidTypeArguments",
        "reportNoOverloadImplementation",
        "reportOperatorIssue",
        "reportOptionalSubscript",
        "reportOptionalMemberAccess",
        "reportOptionalCall",
        "reportOptionalIterable",
        "reportOptionalContextManager",
        "reportOptionalOperand",
        "reportRedeclaration",
        "reportReturnType",
        "reportTypedDictNotRequiredAccess",
        "reportUntypedFunctionDecorator",
        "reportUntypedClassDecorator",
        "reportUntypedBaseClass",
        "reportUntypedNamedTuple",
        "reportPrivateUsage",
        "reportTypeCommentUsage",
        "reportPrivateImportUsage",
        "reportConstantRedefinition",
        "reportDeprecated",
        "reportIncompatibleMethodOverride",
        "reportIncompatibleVariableOverride",
        "reportInconsistentConstructor",
        "reportOverlappingOverload",
        "reportPossiblyUnboundVariable",
        "reportInvalidStringEscapeSequence",
        "reportUnknownParameterType",
        "reportUnknownArgumentType",
        "reportUnknownLambdaType",
        "reportUnknownVariableType",
        "reportUnknownMemberType",
        "reportMissingParameterType",
        "reportMissingTypeArgument",
        "reportInvalidTypeVarUse",
        "reportUnnecessaryIsInstance",
        "reportUnnecessaryCast",
        "reportUnnecessaryComparison",
        "reportUnnecessaryContains",
        "reportAssertAlwaysTrue",
        "reportSelfClsParameterName",
        "reportUnboundVariable",
        "reportUnhashable",
        "reportUndefinedVariable",
        "reportInvalidStubStatement",
        "reportIncompleteStub",
        "reportUnsupportedDunderAll",
        "reportUnusedCoroutine",
        "reportUnusedExcept",
        "reportUnusedExpression",
        "reportMatchNotExhaustive",
    ]
)

PYRIGHT_STRICT_SWITCHES = frozenset(
    {
        "strictListInference",
        "strictSetInference",
        "strictDictionaryInference",
        "strictParameterNoneValue",
        "analyzeUnannotatedFunctions",
    }
)

PYRIGHT_STRICT_MODES = frozenset({"strict"})
BASEDPYRIGHT_STRICT_MODES = frozenset({"strict", "recommended", "all"})
"""The fork's own modes report at least what ``strict`` does; its default is ``recommended``."""

"""Whether an INI file can be read at all, by the parser that tox and coverage themselves use.

What doctrine reads of such files it reads with scanners that know lines and never give up; they
would make sense of a file that the tool refuses.
"""

from __future__ import annotations

import configparser


def ini_flaw(text: str) -> str:
    """Return why the standard parser refuses a file, with the line; empty if it reads it.

    Args:
        text: The content.
    """
    try:
        configparser.RawConfigParser().read_string(text)
    except configparser.MissingSectionHeaderError as error:
        return f"line {error.lineno}: there is no [section] above it"
    except (configparser.DuplicateOptionError, configparser.DuplicateSectionError) as error:
        return f"line {error.lineno}: it is there twice"
    except configparser.ParsingError as error:
        return f"line {error.errors[0][0]}: it is neither `key = value` nor a [section]"
    return ""

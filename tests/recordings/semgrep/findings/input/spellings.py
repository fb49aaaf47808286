"""Defects in the spelling of nobody: what decides which files are searched must know it, too."""

import os as system
import time as clock
from datetime import datetime as moment
from hashlib import md5 as quick
from os import popen as run_it
from pickle import loads as thaw
from subprocess import run as start
from tempfile import mktemp as name_of
from threading import Lock as Gate
from time import time as seconds
from uuid import uuid4 as fresh

import requests as web
import yaml as markup
from markupsafe import Markup as Safe


def execution(command, cursor, value, log, logger):
    start(command, shell=True)  # expect: shell-with-dynamic-command
    system . system (command)  # expect: system-with-dynamic-command
    (system  # expect: system-with-dynamic-command
        .system(command))
    run_it(command)  # expect: system-with-dynamic-command
    eval  (command)  # expect: eval-of-dynamic-text
    exec (f"{command}")  # expect: exec-of-formatted-text
    cursor . execute (  # expect: query-from-formatted-text
        (f"SELECT {value} from people"))
    cursor.executemany(rf"select {value} from people", [])  # expect: query-from-formatted-text
    markup.load(command)  # expect: yaml-loaded-with-objects
    thaw(web.get(command).content)  # expect: unpickled-from-outside
    Safe(f"{value}")  # expect: markup-from-formatted-text
    name_of()  # expect: name-before-file
    quick(value.PASSWORD)  # expect: password-in-fast-hash
    log.info("x", value.password)  # expect: secret-in-log
    logger . warning (value.API_KEY)  # expect: secret-in-log


def logic(items, a, b, self):
    assert((a, b))  # expect: assertion-always-true
    a is not (  # expect: identity-of-literal
        # a word
        "x")
    a is -1  # expect: identity-of-literal
    (a) < a  # expect: compared-with-itself
    self.x <(self.x)  # expect: compared-with-itself
    items = items . sort ()  # expect: result-is-none
    items = (items  # expect: result-is-none
        .reverse())
    with open(a) as b, Gate():  # expect: lock-of-its-own
        pass
    with (Gate()):  # expect: lock-of-its-own
        pass
    raise (NotImplemented)  # expect: constant-raised


def at(x=(fresh()), *, y: float=seconds()):  # expect: default-from-definition-time default-from-definition-time
    return x, y


async def later(x=clock.time(), y=moment . now (None)):  # expect: default-from-definition-time default-from-definition-time
    return x, y


def everything(a):
    try:  # expect: everything-ignored
        a()
    except: pass
    try:  # expect: everything-ignored
        a()
    except (BaseException):
        # a word
        pass
    try:  # expect: everything-ignored
        a()
    except ValueError:
        a()
    except:
        pass


def swallowed(a):
    try:  # expect: return-swallows-exception
        a()
    finally: return a


def branches(a, b):
    if a: return b  # expect: branches-alike
    else: return b
    if a:  # expect: branches-alike
        return "x"
    else:
        return ('x')
    if a:  # expect: branches-alike
        return 16
    else:
        return 0x10
    if a:  # expect: branches-alike
        b(1, 2,)
    else:
        # a word
        b(1,
          2)
    if a:  # expect: branches-alike
        b()
        a()
    else:
        b(); a()
    if a:
        a.b()
    elif b:  # expect: branches-alike
        b()
    else:
        b()

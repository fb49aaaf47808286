import os
import pickle
import shlex
import subprocess
import tarfile
from urllib.request import urlopen

import markupsafe
import requests
import yaml
from markupsafe import Markup

CONSTANT = "ls -l"


def shell(name: str, words: list[str]) -> None:
    subprocess.run(f"cat {name}", shell=True)  # expect: shell-with-dynamic-command
    subprocess.check_output("cat " + name, timeout=3, shell=True)  # expect: shell-with-dynamic-command
    subprocess.run(["cat", name])
    subprocess.run("ls -l", shell=True)
    subprocess.run(CONSTANT, shell=True)
    subprocess.run(shlex.join(words), shell=True)
    os.system(f"rm {name}")  # expect: system-with-dynamic-command
    os.popen("cat %s" % name)  # nosemgrep # expect: system-with-dynamic-command
    os.system("clear")


def code(text: str) -> None:
    eval(text)  # expect: eval-of-dynamic-text
    eval("1 + 1")
    exec(f"x = {text}")  # expect: exec-of-formatted-text
    exec("x = 1")
    exec(compile(text, "a.py", "exec"))


def query(cursor, name: str) -> None:
    cursor.execute(f"SELECT * FROM t WHERE n = '{name}'")  # expect: query-from-formatted-text
    cursor.execute("DELETE FROM t WHERE n = '%s'" % name)  # expect: query-from-formatted-text
    cursor.execute("SELECT * FROM t WHERE n = '" + name + "'")  # expect: query-from-formatted-text
    cursor.execute("select 1 where a = {}".format(name), ())  # expect: query-from-formatted-text
    cursor.execute("select 1 where a = {n}".format(n=name))  # expect: query-from-formatted-text
    cursor.execute(f"select * from {quote(name)} where n = {name}")  # expect: query-from-formatted-text
    cursor.execute(f"delete from {name}")
    cursor.execute(f"drop table {name}")
    cursor.execute(f"select count(*) from {quote(name)} where {quote(name)} = ''")
    cursor.execute("select 1 from {t} where {t}.a = 1".format(t=quote(name)))
    cursor.execute("select 1 from " + name)
    cursor.execute(f"select 1 from {name} where {where}", ("a",))
    cursor.execute("SELECT * FROM t WHERE n = ?", (name,))
    cursor.execute("SELECT *" + " FROM t")
    cursor.execute(f"SELECT 1")
    cursor.execute("insert into {} (a) values (%s)".format(name), (name,))
    cursor.execute("delete from {t} where a in (select a from {t} where b = %s)".format(t=name), (name,))
    cursor.execute("delete from " + name + " where a = %s", (name,))
    cursor.execute("delete from t where a = %s and b = '{}'".format(name), (name,))  # expect: query-from-formatted-text
    joined = ",".join(name)
    cursor.execute(f"delete from t where a in ({joined})")  # expect: query-from-formatted-text


def placeholders(cursor, names: list[str]) -> None:
    marks = ",".join("?" * len(names))
    if names:
        cursor.execute("delete from t where a in (%s)" % marks, names)
    spots = ", ".join(["%s"] * len(names))
    cursor.execute(f"delete from t where a in ({spots})", names)
    name.execute(f"run {name}")


def documents(text: str) -> None:
    yaml.load(text)  # expect: yaml-loaded-with-objects
    yaml.load(text, Loader=yaml.Loader)  # expect: yaml-loaded-with-objects
    yaml.load(text, yaml.UnsafeLoader)  # expect: yaml-loaded-with-objects
    yaml.unsafe_load(text)  # expect: yaml-loaded-with-objects
    yaml.load(text, Loader=yaml.SafeLoader)
    yaml.load(text, yaml.CSafeLoader)
    yaml.safe_load(text)


def pickles(path: str) -> None:
    answer = requests.get("https://example.org", timeout=3)
    pickle.loads(answer.content)  # expect: unpickled-from-outside
    pickle.loads(urlopen("https://example.org").read())  # expect: unpickled-from-outside
    with open(path, "rb") as file:
        pickle.loads(file.read())


def markup(name: str) -> None:
    Markup(f"<b>{name}</b>")  # expect: markup-from-formatted-text
    markupsafe.Markup("<b>%s</b>" % name)  # expect: markup-from-formatted-text
    Markup("<b>{}</b>").format(name)


def archive(path: str) -> None:
    with tarfile.open(path) as opened:
        opened.extractall("to")  # expect: archive-extracted-without-filter
        opened.extractall("to", filter="data")
    opened.extractall
    other = tarfile.open(path)
    other.extractall()  # expect: archive-extracted-without-filter
    other.extractall(members=[one for one in other if one.isfile()])

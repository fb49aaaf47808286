"""What the files that describe a deployment say: images, compose files, charts, proxies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from doctrine.inspect._sightings import Spot
from doctrine.model.project import Project

_DESCRIBES = re.compile(
    r"(?:^|/)(?:Dockerfile[^/]*|[^/]*\.dockerfile|Containerfile[^/]*|Procfile|Caddyfile"
    r"|[^/]*(?:compose|traefik|envoy|kong|ingress|deployment|values)[^/]*\.ya?ml"
    r"|[^/]*nginx[^/]*\.conf[^/]*|[^/]*\.nginx|fly\.toml|app\.ya?ml|serverless\.ya?ml"
    r"|render\.ya?ml|railway\.toml|[^/]*entrypoint[^/]*\.sh|start[^/]*\.sh)$"
    r"|^(?:k8s|kubernetes|helm|charts|deploy|deployment|nginx)/.*\.(?:ya?ml|conf|toml|tpl)$",
    re.IGNORECASE,
)
_WORKERS = re.compile(r"(?:--workers|-w|WEB_CONCURRENCY|GUNICORN_WORKERS)[\"',=:\s]+(?P<count>\d+)")
_ASIDE = re.compile(r"(?:^|/)(?:tests?|docs?|examples?|\.github|\.devcontainer)/")
_COMMENT = re.compile(r"^\s*#")


def mentions(project: Project, pattern: re.Pattern[str]) -> Iterator[tuple[Spot, re.Match[str]]]:
    """Yield where a file that describes the deployment matches, comments left out.

    Args:
        project: The project.
        pattern: What is looked for; it may span lines.
    """
    for path in descriptions(project):
        text = project.texts[path]
        for found in pattern.finditer(text):
            start = text.rfind("\n", 0, found.start()) + 1
            if not _COMMENT.match(text[start : found.end()]):
                yield Spot(path=path, line=text.count("\n", 0, found.start()) + 1), found


def descriptions(project: Project) -> Iterator[str]:
    """Yield the paths of the files that describe the deployment and could be read."""
    for path in sorted(project.texts):
        if _DESCRIBES.search(path) and not _ASIDE.search(path):
            yield path


def several_workers(project: Project) -> Iterator[Spot]:
    """Yield where the deployment starts more than one process of a program."""
    for spot, found in mentions(project, _WORKERS):
        if int(found["count"][:6]) > 1:
            yield spot

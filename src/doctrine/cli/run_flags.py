"""The flags that say how a project is judged, as Typer declares them for several commands."""

from __future__ import annotations

from typing import Annotated

import typer

Jobs = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=0, help="Tools at a time; 0: one per core."),
]
Timeout = Annotated[float | None, typer.Option(min=0, help="Seconds for each tool.")]
Python = Annotated[str | None, typer.Option(help="Interpreter of the project's environment.")]
Audit = Annotated[bool | None, typer.Option("--audit", help="Judge as if no suppression existed.")]
BaselineFile = Annotated[
    str | None, typer.Option(help="File of the accepted findings; doctrine-baseline.txt.")
]
CacheDir = Annotated[str | None, typer.Option(help="Folder of what is kept between runs.")]

"""What is called yaml and is not PyYAML."""

from ruamel.yaml import YAML

yaml = YAML(pure=True, typ="safe")


def plain(text: str) -> object:
    return yaml.load(text)


def rewritten(text: str) -> object:
    yaml = YAML()
    yaml.preserve_quotes = True
    return yaml.load(text)

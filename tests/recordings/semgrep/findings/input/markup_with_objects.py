"""What is called yaml and builds objects."""

from ruamel.yaml import YAML

yaml = YAML(typ="unsafe")


def loaded(text: str) -> object:
    return yaml.load(text)  # expect: yaml-loaded-with-objects

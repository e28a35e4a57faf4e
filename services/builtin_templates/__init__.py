"""The campaign templates that come with the product, one YAML file each: README.md says how to edit them."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated

import yaml
from pydantic import Field, ValidationError

from domain.blueprints import Blueprint
from domain.campaign_templates import CampaignTemplate

_SUFFIX = ".yaml"


class _File(Blueprint):
    version: Annotated[int, Field(strict=True, ge=1)]
    name: Annotated[str, Field(min_length=1, max_length=255)]
    category: Annotated[str, Field(min_length=1, max_length=50)]
    description: str


@cache
def builtin_templates() -> Mapping[str, CampaignTemplate]:
    """All of them by id, in its order. Read once.

    Raises:
        ValueError: a file is no template; it says which file, and what is wrong there.
    """
    folder = sorted(files(__name__).iterdir(), key=lambda entry: entry.name)
    sources = {
        entry.name.removesuffix(_SUFFIX): entry.read_text("utf-8")
        for entry in folder
        if entry.name.endswith(_SUFFIX)
    }
    return MappingProxyType({id_: parse(id_, source) for id_, source in sources.items()})


def parse(template_id: str, source: str) -> CampaignTemplate:
    """A template as its file has it. A campaign that is made from it has its description.

    Raises:
        ValueError: it is none.
    """
    try:
        file = _File.model_validate(yaml.safe_load(source), extra="forbid")
    except (yaml.YAMLError, ValidationError) as error:
        raise ValueError(f"{template_id}{_SUFFIX}: {error}") from error
    settings = file.campaign.model_copy(update={"description": file.description})
    return CampaignTemplate(
        id=template_id,
        version=file.version,
        name=file.name,
        category=file.category,
        description=file.description,
        blueprint=Blueprint(campaign=settings, steps=file.steps, triggers=file.triggers),
        is_builtin=True,
    )

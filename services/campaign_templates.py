"""Campaign templates: those that come with the product, and those that a company saves of its own campaigns.

A company's template is never changed: each save of it is a version more. A campaign keeps nothing of the template that
it was made from, so that deleting a template takes nothing from any campaign.
"""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from db import campaign_templates as stored
from db.campaigns import find_campaign
from db.paging import Page, Slice
from db.session import Session
from db.tables import Campaign
from db.tables import CampaignTemplate as Row
from domain.blueprints import Blueprint
from domain.campaign_templates import CampaignTemplate
from domain.errors import Conflict, Invalid, NotFound
from domain.validation import field_problems
from services import blueprints, campaigns
from services.builtin_templates import builtin_templates

_CURSOR = re.compile(r"\d{1,7}", re.ASCII)


async def list_templates(
    session: Session, wanted: Slice, category: str | None
) -> Page[CampaignTemplate]:
    """The company's own templates, newest first, and then the built-in ones. A cursor is an offset here.

    Raises:
        Invalid: the cursor is not one of this list.
    """
    offset = wanted.offset if wanted.cursor is None else _read_cursor(wanted.cursor)
    own = await stored.list_campaign_templates(session, Slice(wanted.limit, offset), category)
    builtin = [each for each in builtin_templates().values() if category in (None, each.category)]
    begin = max(0, offset - own.total)
    shown = [
        *map(_read, own.rows),
        *builtin[begin : begin + wanted.limit - len(own.rows)],
    ]
    total, end = own.total + len(builtin), offset + len(shown)
    return Page(shown, total, wanted.limit, wanted.offset, str(end) if end < total else None)


async def find(session: Session, template_id: str, version: int | None = None) -> CampaignTemplate:
    """A version of a template, the latest unless another one is asked for. Of built-in ones there is one.

    Raises:
        NotFound: there is none.
    """
    builtin = builtin_templates().get(template_id)
    if builtin is None:
        return _read(await stored.find_campaign_template(session, _own_id(template_id), version))
    if version not in (None, builtin.version):
        raise NotFound("The campaign template has no such version.")
    return builtin


async def list_versions(
    session: Session, template_id: str, wanted: Slice
) -> Page[CampaignTemplate]:
    """The versions of a template, newest first. Raises what `find` raises."""
    if builtin := builtin_templates().get(template_id):
        shown = [builtin][wanted.offset : wanted.offset + wanted.limit]
        return Page(shown, 1, wanted.limit, wanted.offset, None)
    found = await stored.list_versions(session, _own_id(template_id), wanted)
    return Page([_read(row) for row in found.rows], **found.position)


async def save(
    session: Session, values: Mapping[str, Any], allow_hosts: frozenset[str]
) -> CampaignTemplate:
    """A new template of what the campaign `campaign_id` is made of, with a name, a category and a description.

    Raises:
        NotFound: there is no such campaign.
        Invalid: the campaign holds what could not be saved again, such as a message template that is gone.
    """
    return _read(await stored.insert_version(session, await _version(session, values, allow_hosts)))


async def revise(
    session: Session, template_id: str, values: Mapping[str, Any], allow_hosts: frozenset[str]
) -> CampaignTemplate:
    """Another version of a template. Raises what `save` raises, and Conflict `builtin_template`."""
    latest = await stored.revising(session, _writable_id(template_id))
    return await _add_version(session, latest, await _version(session, values, allow_hosts))


async def restore(
    session: Session, template_id: str, version: int, allow_hosts: frozenset[str]
) -> CampaignTemplate:
    """Another version of a template that says what an earlier one said. Raises what `revise` raises."""
    latest = await stored.revising(session, _writable_id(template_id))
    earlier = await stored.find_campaign_template(session, latest.id, version)
    blueprint = await blueprints.check(session, _blueprint(earlier), allow_hosts)
    values = {name: getattr(earlier, name) for name in ("name", "category", "description")}
    return await _add_version(session, latest, {**values, "definition": _definition(blueprint)})


async def delete(session: Session, template_id: str) -> None:
    """Delete a template with all its versions. Raises NotFound, and Conflict `builtin_template`."""
    latest = await stored.revising(session, _writable_id(template_id))
    await stored.delete_campaign_template(session, latest.id)


async def make_campaign(
    session: Session,
    template_id: str,
    version: int | None,
    name: str | None,
    allow_hosts: frozenset[str],
) -> Campaign:
    """A draft made from a version of a template, the latest unless another one is asked for.

    Raises:
        NotFound: there is no such template, or no such version.
        Invalid: something that the template names is gone; the error says where in the template.
    """
    template = await find(session, template_id, version)
    blueprint = await blueprints.check(session, template.blueprint, allow_hosts)
    return await campaigns.build(session, name or template.name, blueprint)


async def _version(
    session: Session, values: Mapping[str, Any], allow_hosts: frozenset[str]
) -> dict[str, Any]:
    campaign = await find_campaign(session, values["campaign_id"])
    found = await blueprints.read_off(session, campaign)
    blueprint = await blueprints.check(session, found, allow_hosts)
    said = {name: value for name, value in values.items() if name != "campaign_id"}
    return {**said, "definition": _definition(blueprint)}


async def _add_version(
    session: Session, latest: Row, values: Mapping[str, Any]
) -> CampaignTemplate:
    place = {"id": latest.id, "version": latest.version + 1}
    return _read(await stored.insert_version(session, {**values, **place}))


def _definition(blueprint: Blueprint) -> dict[str, Any]:
    return blueprint.model_dump(mode="json")


def _read(row: Row) -> CampaignTemplate:
    return CampaignTemplate(
        id=str(row.id),
        version=row.version,
        name=row.name,
        category=row.category,
        description=row.description,
        blueprint=_blueprint(row),
        created_by=row.created_by,
        created_at=row.created_at,
    )


def _blueprint(row: Row) -> Blueprint:
    """What a row holds; what a later version of the product has put there besides is left out."""
    try:
        return Blueprint.model_validate(row.definition)
    except ValidationError as error:
        raise Invalid(*field_problems(error.errors())) from error


def _read_cursor(cursor: str) -> int:
    if not _CURSOR.fullmatch(cursor):
        raise Invalid.field("cursor", "is not a cursor of this list")
    return int(cursor)


def _writable_id(template_id: str) -> UUID:
    if template_id in builtin_templates():
        detail = (
            "A built-in template stays as it is: save a campaign that is made from it as your own."
        )
        raise Conflict("builtin_template", detail)
    return _own_id(template_id)


def _own_id(template_id: str) -> UUID:
    try:
        return UUID(template_id)
    except ValueError:
        raise NotFound("There is no such campaign template.") from None

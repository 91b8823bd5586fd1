"""A visit's note and its summary for the patient on paper, by the visit's template."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from live_scribe import templates
from live_scribe.core.visit import Visit
from live_scribe.core.wire import note_json
from live_scribe.errors import TemplateError
from live_scribe.render import Format, render
from live_scribe.summary import render_summary, summary_json
from live_scribe.template_check import check
from live_scribe.templates import Shelf, Template

LOG = logging.getLogger(__name__)
GENERAL = "soap"
OWN_FOLDER = "templates"
"""The clinic's own templates, in the data folder."""


def sound_shelf(own: Path | None) -> Shelf:
    """Return the shelf with a clinic's own folder; its templates with mistakes are left out, and named in the log."""
    shelf = templates.with_own(own)
    wrong: set[str] = set()
    for id_ in shelf.ids() if len(shelf.roots) > 1 else ():
        template, found = shelf.read(id_)
        if (
            template is not None
            and str(own) not in {str(Path(f).parent.parent) for f in template.folders}
            and not found
        ):
            continue  # nothing of the clinic's is in it
        theirs = template is None or str(Path(template.folders[0]).parent.parent) == str(own)
        if mistakes := check(shelf, id_, costs=theirs):
            LOG.warning("a template has mistakes and is left out", extra={"code": id_, "count": len(mistakes)})
            wrong.add(id_)
    shelf.left_out = frozenset(wrong)
    return shelf


def template_of(visit: Visit, shelf: Shelf) -> Template:
    """Return a visit's template; the general one, where its own is gone or no longer sound."""
    try:
        return shelf.load(visit.template)
    except TemplateError:
        LOG.warning("the template of a visit cannot be used: the general one is", extra={"visit": visit.id})
        return templates.load(GENERAL)


def signature_of(visit: Visit) -> dict[str, str] | None:
    """Return who signed a visit's note, and when."""
    return {"by": visit.signature.by, "at": visit.signature.at} if visit.signature else None


def printed_note(visit: Visit, form: Format, shelf: Shelf) -> str:
    """Return a visit's note as Markdown, text or HTML. Raises TemplateError."""
    addenda = [{"text": a.text, "by": a.by, "at": a.at} for a in visit.addenda]
    template, note = template_of(visit, shelf), note_json(visit)
    return render(template, note, form, patient=visit.patient, signature=signature_of(visit), addenda=addenda)


def summary_of(visit: Visit, shelf: Shelf) -> dict[str, Any]:
    """Return the summary of a visit for the patient, in its JSON form. Raises TemplateError."""
    roles = {u.id: str(u.role) if u.role else None for u in visit.utterances.values()}
    return summary_json(note_json(visit), template_of(visit, shelf), roles)


def printed_summary(visit: Visit, form: Format, shelf: Shelf) -> str:
    """Return that summary as Markdown, text or HTML. Raises TemplateError."""
    template = template_of(visit, shelf)
    summary = summary_of(visit, shelf)
    return render_summary(summary, template, form, patient=visit.patient, signature=signature_of(visit))

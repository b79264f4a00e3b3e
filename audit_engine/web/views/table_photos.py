"""Take photos of a room, a chair, food or a document: add, see, delete; for the setting's own eyes."""

from __future__ import annotations

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from audit_engine.evidence.photos import MEDIA_TYPE, NotAPhoto
from audit_engine.services import eatsafe_photos as service
from audit_engine.services.clock import now
from audit_engine.storage import setting_photos
from audit_engine.web.setting_sign_in import audit, member
from audit_engine.web.site import page, site
from audit_engine.web.views.self_audit_shared import opened_check, too_late
from audit_engine.web.views.shared import Problem, done


def eatsafe_photos(audit_id: int) -> ResponseReturnValue:
    """Show an audit's photos and a box for one more."""
    return _page()


def _page(problems: list[Problem] | None = None, chosen: str = "") -> ResponseReturnValue:
    whole = opened_check()
    with page() as connection:
        photos = setting_photos.photos_of(connection, whole.facts.id)
    items = {i.id: i for i in whole.questionnaire.items if i.is_criterion and whole.asked[i.id].asked}
    body = render_template(
        "eatsafe_photos.html", whole=whole, photos=photos, items=items, problems=problems or [], chosen=chosen,
        most=service.MOST_PHOTOS,
    )  # fmt: skip
    return body, 400 if problems else 200


def add_photo(audit_id: int) -> ResponseReturnValue:
    """Add a photo; what is beside the picture, such as the place, is thrown away first."""
    if not audit().takes_answers:
        return too_late("The photo was not saved, because this check is marked as finished.", {})
    item, sent = request.form.get("item", ""), request.files.get("photo")
    problems = []
    if request.form.get("no_children") != "yes":
        problems.append(Problem("Say that no child is in the photo", "#no_children"))
    if item not in {i.id for i in opened_check().questionnaire.items}:
        problems.append(Problem("Choose what the photo is about", "#item"))
    if not problems:
        try:
            content = sent.read() if sent else b""
            service.keep_photo(site().engine, site().instance, audit(), item, content, member().id, now())
        except NotAPhoto as refusal:
            problems.append(Problem(str(refusal), "#photo"))
    if sent:
        sent.close()
    if problems:
        return _page(problems, item)
    done("The photo is saved, without the place where it was taken.")
    return redirect(url_for("eatsafe_photos", audit_id=audit_id))


def photo(audit_id: int, photo_id: str) -> ResponseReturnValue:
    """Hand out one photo of this audit."""
    with page() as connection:
        row = setting_photos.photo_of(connection, audit_id, photo_id)
    picture = service.picture_of(site().instance, row.id) if row else None
    if picture is None:
        abort(404)
    return Response(picture, content_type=MEDIA_TYPE, headers={"Content-Disposition": "inline; filename=photo.jpg"})


def ask_delete_photo(audit_id: int, photo_id: str) -> ResponseReturnValue:
    """Ask before a photo is deleted."""
    with page() as connection:
        row = setting_photos.photo_of(connection, audit_id, photo_id)
    if row is None:
        abort(404)
    return render_template("eatsafe_delete_photo.html", whole=opened_check(), photo=row)


def delete_photo(audit_id: int, photo_id: str) -> ResponseReturnValue:
    """Delete a photo for good."""
    service.drop_photo(site().engine, site().instance, audit_id, photo_id)
    done("The photo is deleted.")
    return redirect(url_for("eatsafe_photos", audit_id=audit_id))

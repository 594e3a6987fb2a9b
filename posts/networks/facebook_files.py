"""Files on their way to a Facebook page: pictures that wait unpublished, and a film that is sent in pieces.

After https://developers.facebook.com/docs/graph-api/reference/page/photos, seen in excerpts, and, for the three
phases of a film, Meta's own github.com/facebook/facebook-python-business-sdk (video_uploader.py), seen whole on 21
November 2026: it sends films to graph-video.facebook.com. The page
https://developers.facebook.com/docs/video-api/guides/publishing now describes another way first, by an upload that
belongs to the app. An unpublished picture is kept for a day.
"""

import json
from collections.abc import Mapping

from notices.sentences import say
from posts.networks import client, meta
from posts.networks.base import Absent, Account, Found, Message, NotSent, Receipt, Refused, Unknown
from posts.networks.in_steps import forget, in_pieces, nothing_published, once, text_of
from posts.networks.parcel import Attachment, Kind, Unkept

NAME = "Facebook"
KEPT = 23 * 3600.0
PIECE = 4_000_000  # bytes; Facebook says how much it wants, and takes less


def is_film(file: Attachment) -> bool:
    """What moves goes the way of films; as a picture it would stand still."""
    return file.kind is not Kind.IMAGE


def photos(account: Account, message: Message) -> list[str]:
    """The ids of the message's pictures, uploaded and not shown yet. Raises a SendError."""
    return [_uploaded(account, message, f"file {number}", file) for number, file in enumerate(message.media)]


def publish_film(account: Account, message: Message) -> Receipt:
    """Its last request is what publishes it."""
    (film,) = message.media
    session = _session(account, message, film)
    _send_pieces(account, message, film, session)
    form = {"upload_phase": "finish", "upload_session_id": session["session"], "published": "true"}
    if message.text:
        form["description"] = message.text
    answer = meta.call(NAME, account, "POST", f"/{meta.VERSION}/{account.remote_id}/videos", form=form)
    match answer.json():
        case {"success": True}:
            return _receipt(session["video"])
    raise client.unclear(NAME)


def find_film(account: Account, message: Message) -> Found | Absent | Unknown:
    """A film has its id before it is published, so Facebook can be asked for it."""
    if isinstance(message.steps, Unkept):
        return Unknown(say("Nobody kept what was prepared at {network}. Please look and decide.", network=NAME))
    _, _, kept = (message.steps.kept("film") or "").partition(" ")
    if not kept:  # it would have been kept before anything could be published
        return Absent()
    video: str = json.loads(kept)["video"]
    match meta.ask(NAME, account, f"/{meta.VERSION}/{video}", {"fields": "published,status"}):
        case {"published": True}:
            return Found(_receipt(video))
        case {"status": {"video_status": "processing"}}:
            return Unknown(say("{network} is still busy with it.", network=NAME))
        case {"published": False}:
            return Absent()
    raise client.unclear(NAME)


def _uploaded(account: Account, message: Message, step: str, file: Attachment) -> str:
    return once(message, NAME, step, lambda: _photo(account, file), good_for=KEPT)


def _photo(account: Account, file: Attachment) -> str:
    form = {"published": "false"} | ({"alt_text_custom": file.alt} if file.alt else {})
    files = {"source": (file.name, file.read(), file.mime)}
    answer = meta.call(NAME, account, "POST", f"/{meta.VERSION}/{account.remote_id}/photos", form=form, files=files)
    return text_of(answer, "id")


def _session(account: Account, message: Message, film: Attachment) -> Mapping[str, str]:
    def begin() -> str:
        form = {"upload_phase": "start", "file_size": str(film.size)}
        answer = meta.call(NAME, account, "POST", f"/{meta.VERSION}/{account.remote_id}/videos", form=form)
        return json.dumps({"session": text_of(answer, "upload_session_id"), "video": text_of(answer, "video_id")})

    kept: Mapping[str, str] = json.loads(once(message, NAME, "film", begin, good_for=KEPT))
    return kept


def _send_pieces(account: Account, message: Message, film: Attachment, session: Mapping[str, str]) -> None:
    """From the byte on that Facebook wants next."""
    of, _, kept = (message.steps.kept("film sent") or "").partition(" ")
    at = int(kept) if of == session["session"] else 0
    whole = film.read() if at < film.size else b""
    with in_pieces() as progress:
        while at < film.size:
            try:
                at = _transferred(account, film.name, whole[at : at + PIECE], session, at)
            except Refused as error:
                if not of:
                    raise
                forget(message, "film")
                raise NotSent(say("Facebook has lost a film that was sent before. It will be sent again.")) from error
            message.steps.keep("film sent", f"{session['session']} {at}")
            progress.made = True


def _transferred(account: Account, name: str, piece: bytes, session: Mapping[str, str], at: int) -> int:
    """Where the next piece begins."""
    form = {"upload_phase": "transfer", "upload_session_id": session["session"], "start_offset": str(at)}
    files = {"video_file_chunk": (name, piece, "application/octet-stream")}
    place = f"/{meta.VERSION}/{account.remote_id}/videos"
    with nothing_published(NAME):
        following = text_of(meta.call(NAME, account, "POST", place, form=form, files=files), "start_offset")
    if not following.isdecimal() or int(following) <= at:
        raise NotSent(say("Facebook did not take the film. It will be sent again."))
    return int(following)


def _receipt(video: str) -> Receipt:
    return Receipt(video, f"https://www.facebook.com/watch/?v={video}")

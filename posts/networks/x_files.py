"""Files on their way to X: in pieces, each sent once, with their descriptions, until X has them ready.

After excerpts of https://docs.x.com/x-api/media/quickstart/media-upload-chunked and
https://docs.x.com/x-api/media/create-media-metadata, seen on 21 November 2026. An upload is kept for a day.
"""

from typing import Any

from notices.sentences import say
from posts.networks import client, signed
from posts.networks.base import Account, Message, NotSent, Refused
from posts.networks.in_steps import chunks, forget, in_pieces, nothing_published, once, text_of
from posts.networks.parcel import Attachment, Kind
from posts.networks.x_answers import NAME, accepted

PIECE, MOST_PIECES = 4_000_000, 1000  # X takes at most 5 MB at once, and numbers from 0 to 999
KEPT = 23 * 3600.0  # seconds; X says 24 hours
LOOK_AGAIN = 5.0  # seconds, where X does not say how long a film will take it
CATEGORIES = {Kind.IMAGE: "tweet_image", Kind.GIF: "tweet_gif", Kind.VIDEO: "tweet_video"}


def uploaded(account: Account, message: Message) -> list[str]:
    """The ids of the message's files, ready to be shown. NotSent while X is still busy with one."""
    return [_uploaded(account, message, f"file {number}", file) for number, file in enumerate(message.media)]


def _uploaded(account: Account, message: Message, step: str, file: Attachment) -> str:
    resumed = message.steps.kept(step) is not None
    media_id = once(message, NAME, step, lambda: _begun(account, file), good_for=KEPT)
    if message.steps.kept(f"{step} ready") == media_id:
        return media_id
    try:
        _send_pieces(account, message, step, media_id, file)
        _finish(account, message, step, media_id, file)
    except Refused as error:
        if not resumed:
            raise
        forget(message, step)
        raise NotSent(say("X has lost a file that was sent before. It will be sent again.")) from error
    message.steps.keep(f"{step} ready", media_id)
    return media_id


def _begun(account: Account, file: Attachment) -> str:
    body = {"media_type": file.mime, "total_bytes": file.size, "media_category": CATEGORIES[file.kind]}
    answer = signed.call(NAME, account, "POST", "/2/media/upload/initialize", body=body)
    return text_of(accepted(answer), "data", "id")


def _send_pieces(account: Account, message: Message, step: str, media_id: str, file: Attachment) -> None:
    """From the first piece on that X has not got."""
    of, _, sent = (message.steps.kept(f"{step} sent") or "").partition(" ")
    first = int(sent) if of == media_id else 0
    with in_pieces() as progress:
        for index, piece in enumerate(chunks(file.read(), PIECE)):
            if index < first:
                continue
            files = {"media": (file.name, piece, "application/octet-stream")}
            place = f"/2/media/upload/{media_id}/append"
            _call(account, "POST", place, form={"segment_index": str(index)}, files=files)
            message.steps.keep(f"{step} sent", f"{media_id} {index + 1}")
            progress.made = True


def _finish(account: Account, message: Message, step: str, media_id: str, file: Attachment) -> None:
    if message.steps.kept(f"{step} finished") != media_id:
        answer = _call(account, "POST", f"/2/media/upload/{media_id}/finalize")
        if file.alt:
            _describe(account, media_id, file.alt)
        message.steps.keep(f"{step} finished", media_id)
    else:
        params = {"command": "STATUS", "media_id": media_id}
        answer = _call(account, "GET", "/2/media/upload", params=params)
    _must_be_ready(answer)


def _describe(account: Account, media_id: str, alt: str) -> None:
    body: dict[str, Any] = {"id": media_id, "metadata": {"alt_text": {"text": alt}}}
    _call(account, "POST", "/2/media/metadata", body=body)


def _call(account: Account, method: str, path: str, **packed: Any) -> client.Answer:
    """Nothing of this is before the public: without an answer it is simply made again."""
    with nothing_published(NAME):
        return accepted(signed.call(NAME, account, method, path, **packed))


def _must_be_ready(answer: client.Answer) -> None:
    match answer.json():
        case {"data": {"processing_info": {"state": "failed"} as told}}:
            words = told.get("error", {}).get("message", "")
            raise Refused(say("X could not read the file. It says: “{words}”", words=words))
        case {"data": {"processing_info": {"state": "pending" | "in_progress"} as told}}:
            wait = float(told.get("check_after_secs", LOOK_AGAIN))
            raise NotSent(say("X is still busy with the file."), retry_after=wait, counts=False)

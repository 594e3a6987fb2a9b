"""What goes along with a post on LinkedIn: pictures, a film in pieces, or the card of a link.

After learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/ images-api and videos-api, seen in
excerpts on 21 November 2026.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from notices.sentences import say
from posts.networks import client, signed
from posts.networks.base import Account, Message, NotSent, Refused
from posts.networks.in_steps import forget, in_pieces, nothing_published, once, text_of
from posts.networks.linkedin_calls import NAME, accepted, ask, call
from posts.networks.parcel import Attachment, Kind

KEPT = 23 * 3600.0  # seconds that an upload address is good for; LinkedIn gives a day
LOOK_AGAIN = 10.0  # seconds
TITLE = 400  # characters of a card's title


def content(account: Account, message: Message) -> dict[str, Any] | None:
    """What stands under "content"; None for words alone. NotSent while LinkedIn is still busy with a film."""
    uploaded = [_uploaded(account, message, f"file {number}", file) for number, file in enumerate(message.media)]
    shown = [_shown(urn, file) for urn, file in zip(uploaded, message.media, strict=True)]
    if len(shown) > 1:
        return {"multiImage": {"images": shown}}
    if shown:
        return {"media": shown[0]}
    return {"article": _card(account, message)} if message.card else None


def _shown(urn: str, file: Attachment) -> dict[str, str]:
    shown = {"id": urn, "altText": file.alt} if file.alt and file.kind is not Kind.VIDEO else {"id": urn}
    return {**shown, "title": file.name} if file.kind is Kind.VIDEO else shown


def _card(account: Account, message: Message) -> dict[str, str]:
    card = message.card
    assert card is not None
    told = {"source": card.url, "title": (card.title or card.url)[:TITLE]}
    if card.description:
        told["description"] = card.description
    if card.image is not None:
        told["thumbnail"] = _uploaded(account, message, "thumbnail", card.image)
        if card.image.alt:
            told["thumbnailAltText"] = card.image.alt
    return told


def _uploaded(account: Account, message: Message, step: str, file: Attachment) -> str:
    """The file's URN. What an earlier attempt has uploaded is not uploaded again."""
    resumed = message.steps.kept(step) is not None
    begun = once(message, NAME, step, lambda: _begun(account, file), good_for=KEPT)
    told: Mapping[str, Any] = json.loads(begun)
    urn: str = told["urn"]
    try:
        if message.steps.kept(f"{step} ready") != urn:
            _sent(account, message, step, file, told)
            message.steps.keep(f"{step} ready", urn)
        if file.kind is Kind.VIDEO:
            _must_be_ready(account, urn)
    except Refused as error:
        if not resumed:
            raise
        forget(message, step)
        raise NotSent(say("LinkedIn has lost a file that was sent before. It will be sent again.")) from error
    return urn


def _begun(account: Account, file: Attachment) -> str:
    """Where to send the file, as JSON to be kept."""
    if file.kind is not Kind.VIDEO:
        body = {"initializeUploadRequest": {"owner": account.remote_id}}
        answer = accepted(call(account, "POST", "/rest/images?action=initializeUpload", body=body))
        pieces = [[text_of(answer, "value", "uploadUrl"), 0, file.size - 1]]
        return json.dumps({"urn": text_of(answer, "value", "image"), "pieces": pieces})
    asked = {"owner": account.remote_id, "fileSizeBytes": file.size, "uploadCaptions": False, "uploadThumbnail": False}
    answer = accepted(
        call(account, "POST", "/rest/videos?action=initializeUpload", body={"initializeUploadRequest": asked})
    )
    match answer.json():
        case {"value": {"video": str() as urn, "uploadToken": str() as token, "uploadInstructions": [*told]}}:
            pieces = [[one["uploadUrl"], one["firstByte"], one["lastByte"]] for one in told]
            return json.dumps({"urn": urn, "token": token, "pieces": pieces})
    raise client.unclear(NAME)


def _sent(account: Account, message: Message, step: str, file: Attachment, told: Mapping[str, Any]) -> None:
    """From the first piece on that LinkedIn has not got; a film's pieces are then put together."""
    of, _, kept = (message.steps.kept(f"{step} sent") or "").partition(" ")
    tags: list[str] = json.loads(kept) if of == told["urn"] else []
    whole = file.read()
    with in_pieces() as progress:
        for url, first, last in told["pieces"][len(tags) :]:
            with nothing_published(NAME):
                tags.append(_put(account, url, whole[first : last + 1], file.mime))
            message.steps.keep(f"{step} sent", f"{told['urn']} {json.dumps(tags)}")
            progress.made = True
    if file.kind is Kind.VIDEO:
        asked = {"video": told["urn"], "uploadToken": told["token"], "uploadedPartIds": tags}
        body = {"finalizeUploadRequest": asked}
        with nothing_published(NAME):
            accepted(call(account, "POST", "/rest/videos?action=finalizeUpload", body=body))


def _put(account: Account, url: str, piece: bytes, mime: str) -> str:
    """The piece's ETag. The token goes along only where the address is LinkedIn's own."""
    own = urlsplit(account.base_url).hostname
    host = urlsplit(url).hostname or ""
    token = client.bearer(signed.token(account)) if host == own or host.endswith(".linkedin.com") else {}
    kind = "application/octet-stream" if mime.startswith("video/") else mime
    answer = client.request(
        NAME,
        "PUT",
        url,
        deadline=account.deadline,
        until=account.until,
        headers={"Content-Type": kind, **token},
        content=piece,
    )
    return accepted(answer).headers.get("etag", "").strip('"')


def _must_be_ready(account: Account, urn: str) -> None:
    match accepted(ask(account, f"/rest/videos/{quote(urn, safe='')}")).json():
        case {"status": "AVAILABLE"}:
            return
        case {"status": "PROCESSING_FAILED"} as told:
            words = str(told.get("processingFailureReason", ""))
            raise Refused(say("LinkedIn could not read the video. It says: “{words}”", words=words))
    raise NotSent(say("LinkedIn is still busy with the video."), retry_after=LOOK_AGAIN, counts=False)

"""LinkedIn's versioned API (202607) after learn.microsoft.com/en-us/linkedin, seen in excerpts on 21 November 2026.

The shapes of errors are those of clients' reports: DUPLICATE_POST from github.com/Arisamiga/Linkedin-RSS/issues/5, the
length from github.com/n8n-io/n8n/issues/22899, posts that LinkedIn names and never published from
github.com/ComposioHQ/composio/issues/2710. A stray reserved character ends the text there; here it is refused. The two
ways of sorting are those that other clients ask for.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from posts.networks.little_text import plain
from tests.posts.networks.fakes.strict import Reply, Request, Strict, Turned, only

ME, PAGE, CLIENT, SECRET = "urn:li:person:abc-1", "urn:li:organization:5583111", "client-1", "hush"
FIELDS: dict[str, type | tuple[type, ...]] = {
    "author": str, "commentary": str, "visibility": str, "distribution": dict, "content": dict, "lifecycleState": str,
    "isReshareDisabledByAuthor": bool, "reshareContext": dict,
}  # fmt: skip
NEEDED = {"author", "commentary", "visibility", "distribution", "lifecycleState"}
IMAGES = {"image/jpeg", "image/png", "image/gif"}
# A backslash before any sign, a hashtag of the template, a mention; whatever else is reserved may not stand there.
GRAMMAR = re.compile(
    r"(?:[^|{}@\[\]()<>#\\*_~]|\\.|\{hashtag\|\\?[#＃]\|(?:[^|{}@\[\]()<>#\\*_~]|\\.)+\}"
    r"|@\[(?:[^|{}@\[\]()<>#\\*_~]|\\.)+\]\(urn:li:(?:person|organization):[\w-]+\))*",
    re.DOTALL,
)


@dataclass
class Post:
    author: str
    commentary: str
    content: dict[str, Any]
    parent: str = ""
    at: int = field(default_factory=lambda: int(time.time() * 1000))

    @property
    def text(self) -> str:
        return plain(self.commentary)


@dataclass
class Upload:
    owner: str
    size: int = 0  # of a film
    token: str = ""
    pieces: dict[int, bytes] = field(default_factory=dict)
    mime: str = ""
    final: bool = False
    busy: int = 0


class LinkedIn(Strict):
    def __init__(self) -> None:
        super().__init__()
        self.posts: dict[str, Post] = {}
        self.uploads: dict[str, Upload] = {}
        self.access, self.refreshing = "token-1", ""
        self.scope = "openid,profile,w_member_social,w_organization_social,r_organization_social,rw_organization_admin"
        self.busy = 0
        self.piece = 4 * 1024 * 1024
        self.ghosts = False
        self._number = 7141138937766391808

    def answer(self, request: Request) -> Reply:
        path = unquote(request.path)
        for method, pattern, act in self._routes():
            found = re.fullmatch(pattern, path)
            if found and method == request.method:
                self._must_be_allowed(request, path)
                reply: Reply = act(request, *found.groups())
                return reply
        raise _turned(404, "RESOURCE_NOT_FOUND", "No virtual resource found")

    def _routes(self) -> list[tuple[str, str, Any]]:
        return [
            ("POST", "/oauth/v2/accessToken", self.on_token),
            ("GET", "/v2/userinfo", self.on_me),
            ("GET", "/rest/organizationAcls", self.on_roles),
            ("GET", r"/rest/organizations/(\d+)", self.on_organization),
            ("POST", "/rest/posts", self.on_post),
            ("GET", "/rest/posts", self.on_posts_of),
            ("GET", "/rest/posts/(.+)", self.on_read),
            ("DELETE", "/rest/posts/(.+)", self.on_delete),
            ("POST", "/rest/images", self.on_image),
            ("POST", "/rest/videos", self.on_video),
            ("GET", "/rest/videos/(.+)", self.on_state),
            ("PUT", r"/dms-uploads/([^/]+)/(\d+)", self.on_bytes),
            ("GET", "/rest/organizationalEntityShareStatistics", self.on_statistics),
        ]

    def _must_be_allowed(self, request: Request, path: str) -> None:
        if path.startswith("/oauth"):
            return
        if request.headers.get("authorization") != f"Bearer {self.access}":
            raise _turned(401, "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired")
        if path.startswith("/rest"):
            version = request.headers.get("linkedin-version", "")
            if not re.fullmatch(r"20\d{4}", version) or request.headers.get("x-restli-protocol-version") != "2.0.0":
                raise _turned(400, "VERSION_MISSING", "A version must be present. Please specify a version")
            if version < "202512":
                raise _turned(426, "NONEXISTENT_VERSION", f"Requested version {version} is not active")

    def on_token(self, request: Request) -> Reply:
        form = dict(request.form)
        if (form.pop("client_id", ""), form.pop("client_secret", "")) != (CLIENT, SECRET):
            raise Turned(401, {"error": "invalid_client", "error_description": "Client authentication failed"})
        match form.pop("grant_type", ""):
            case "authorization_code" if form.get("code") == "code-1" and set(form) == {"code", "redirect_uri"}:
                told: dict[str, Any] = {"access_token": self.access, "expires_in": 5184000, "scope": self.scope}
                if self.refreshing:
                    told |= {"refresh_token": self.refreshing, "refresh_token_expires_in": 31536000}
                return Reply(200, told)
            case "refresh_token" if self.refreshing and form == {"refresh_token": self.refreshing}:
                self.access = "token-2"
                told = {"access_token": self.access, "expires_in": 5184000, "refresh_token": self.refreshing}
                return Reply(200, told)
        raise Turned(400, {"error": "invalid_request", "error_description": "Unable to retrieve access token"})

    def on_me(self, request: Request) -> Reply:
        return Reply(200, {"sub": ME.rpartition(":")[2], "name": "Alice Martin", "given_name": "Alice"})

    def on_roles(self, request: Request) -> Reply:
        if request.query.get("q") != "roleAssignee":
            raise _turned(400, "QUERY_PARAM_NOT_ALLOWED", "Query parameters were not valid")
        roles = [
            {"organization": PAGE, "role": "ADMINISTRATOR", "roleAssignee": ME, "state": "APPROVED"},
            {"organization": PAGE, "role": "CONTENT_ADMINISTRATOR", "roleAssignee": ME, "state": "APPROVED"},
            {"organization": "urn:li:organization:2", "role": "ANALYST", "roleAssignee": ME, "state": "APPROVED"},
            {
                "organization": "urn:li:organization:3",
                "role": "ADMINISTRATOR",
                "roleAssignee": ME,
                "state": "REQUESTED",
            },
        ]
        return Reply(200, {"elements": roles, "paging": {"start": 0, "count": 100, "links": []}})

    def on_organization(self, request: Request, number: str) -> Reply:
        return Reply(200, {"id": int(number), "localizedName": "Atelier", "vanityName": "atelier"})

    def on_post(self, request: Request) -> Reply:
        given = _body(request, FIELDS)
        missing = [f"ERROR :: /{name} :: field is required but not found" for name in sorted(NEEDED - set(given))]
        if missing:
            raise _turned(422, "", "\n".join(missing))
        if given["author"] not in (ME, PAGE):
            raise _turned(403, "ACCESS_DENIED", "Not enough permissions to access: partnerApiPostsExternal.CREATE")
        if given["visibility"] != "PUBLIC" or given["lifecycleState"] != "PUBLISHED":
            raise _bad("ERROR :: /lifecycleState :: not a valid value")
        if not GRAMMAR.fullmatch(given["commentary"]):
            raise _bad("commentary holds a reserved character that is not escaped")
        post = Post(given["author"], given["commentary"], given.get("content", {}))
        if (length := len(post.text.encode("utf-16-le", "surrogatepass")) // 2) > 3000:
            raise _bad(
                f"ShareCommentary text length ({length} characters) exceeded the maximum allowed (3000 characters)"
            )
        post.parent = given.get("reshareContext", {}).get("parent", "")
        self._must_be_there(post)
        self._must_be_new(post)
        urn = self._next("share")
        self.posts[urn] = post
        return Reply(201, None, {"x-restli-id": urn})

    def on_posts_of(self, request: Request) -> Reply:
        if request.headers.get("x-restli-method") != "FINDER" or set(request.query) - {
            "author",
            "q",
            "count",
            "sortBy",
        }:
            raise _turned(400, "QUERY_PARAM_NOT_ALLOWED", "Query parameters were not valid")
        if request.query.get("sortBy") not in (None, "CREATED", "LAST_MODIFIED"):
            raise _turned(400, "QUERY_PARAM_NOT_ALLOWED", "Query parameters were not valid")
        author = request.query["author"]
        if author == ME:
            raise _turned(
                403, "ACCESS_DENIED", "Not enough permissions to access: partnerApiPostsExternal.FINDER-author"
            )
        if not 1 <= int(request.query["count"]) <= 100:
            raise _turned(400, "INVALID_PARAM", "count must not be greater than 100")
        found = [_told(urn, post) for urn, post in reversed(self.posts.items()) if post.author == author]
        return Reply(200, {"paging": {"start": 0, "count": 100, "links": []}, "elements": found[:100]})

    def on_read(self, request: Request, urn: str) -> Reply:
        post = self.posts.get(urn)
        if post is None:
            raise _turned(404, "NOT_FOUND", "Could not find entity")
        if post.author == ME:
            raise _turned(403, "ACCESS_DENIED", "Not enough permissions to access: partnerApiPostsExternal.GET")
        return Reply(200, _told(urn, post))

    def on_delete(self, request: Request, urn: str) -> Reply:
        if request.headers.get("x-restli-method") != "DELETE":
            raise _turned(400, "", "X-RestLi-Method is missing")
        if self.posts.pop(urn, None) is None:
            raise _turned(404, "NOT_FOUND", "Could not find entity")
        return Reply(204)

    def on_image(self, request: Request) -> Reply:
        asked = self._initialize(request, {"owner": str})
        urn = self._next("image")
        self.uploads[urn] = Upload(asked["owner"])
        told = {"uploadUrlExpiresAt": 1, "uploadUrl": f"{self.url}/dms-uploads/{urn}/0", "image": urn}
        return Reply(200, {"value": told})

    def on_video(self, request: Request) -> Reply:
        if request.query.get("action") == "finalizeUpload":
            return self._finalize(request)
        kinds: dict[str, type | tuple[type, ...]] = {
            "owner": str, "fileSizeBytes": int, "uploadCaptions": bool, "uploadThumbnail": bool,
        }  # fmt: skip
        asked = self._initialize(request, kinds)
        urn, size = self._next("video"), asked["fileSizeBytes"]
        self.uploads[urn] = Upload(asked["owner"], size, "upload-token", busy=self.busy)
        steps = [
            {
                "uploadUrl": f"{self.url}/dms-uploads/{urn}/{number}",
                "firstByte": first,
                "lastByte": min(first + self.piece, size) - 1,
            }
            for number, first in enumerate(range(0, size, self.piece))
        ]
        told = {"video": urn, "uploadToken": "upload-token", "uploadInstructions": steps, "uploadUrlsExpireAt": 1}
        return Reply(200, {"value": told})

    def on_bytes(self, request: Request, urn: str, number: str) -> Reply:
        if urn not in self.uploads or not request.body:
            raise Turned(400, None)
        upload = self.uploads[urn]
        upload.pieces[int(number)] = request.body
        upload.mime = request.headers.get("content-type", "")
        if not upload.size and upload.mime not in IMAGES:
            raise Turned(415, None)
        return Reply(201 if not upload.size else 200, None, {"etag": f'"tag-{urn}-{number}"'})

    def on_state(self, request: Request, urn: str) -> Reply:
        upload = self.uploads.get(urn)
        if upload is None:
            raise _turned(404, "NOT_FOUND", "Could not find entity")
        upload.busy -= 1
        return Reply(
            200, {"id": urn, "owner": upload.owner, "status": "PROCESSING" if upload.busy >= 0 else "AVAILABLE"}
        )

    def on_statistics(self, request: Request) -> Reply:
        asked = request.query
        if asked.get("q") != "organizationalEntity" or asked.get("organizationalEntity") != PAGE:
            raise _turned(403, "ACCESS_DENIED", "Not enough permissions")
        wanted = re.findall(r"urn:li:share:\d+", asked.get("shares", ""))
        counts = {"likeCount": 4, "shareCount": 2, "commentCount": 1, "impressionCount": 90, "clickCount": 6}
        found = [{"share": urn, "totalShareStatistics": counts, "organizationalEntity": PAGE} for urn in wanted]
        return Reply(200, {"elements": [one for one in found if one["share"] in self.posts]})

    def _initialize(self, request: Request, kinds: dict[str, type | tuple[type, ...]]) -> dict[str, Any]:
        given = _body(request, {"initializeUploadRequest": dict})
        asked: dict[str, Any] = given["initializeUploadRequest"]
        only(asked, kinds, _bad)
        if request.query.get("action") != "initializeUpload" or asked.get("owner") not in (ME, PAGE):
            raise _bad("Owner is not supported")
        return asked

    def _finalize(self, request: Request) -> Reply:
        asked = _body(request, {"finalizeUploadRequest": dict})["finalizeUploadRequest"]
        only(asked, {"video": str, "uploadToken": str, "uploadedPartIds": list}, _bad)
        upload = self.uploads.get(asked["video"])
        tags = [f"tag-{asked['video']}-{number}" for number in sorted(upload.pieces)] if upload else []
        whole = sum(len(piece) for piece in upload.pieces.values()) if upload else -1
        if (
            upload is None
            or asked["uploadToken"] != upload.token
            or asked["uploadedPartIds"] != tags
            or whole != upload.size
        ):
            raise _bad("The parts do not add up to the file")
        upload.final = True
        return Reply(200)

    def _must_be_there(self, post: Post) -> None:
        only(post.content, {"media": dict, "multiImage": dict, "article": dict}, _bad)
        shown = (
            [post.content["media"]] if "media" in post.content else post.content.get("multiImage", {}).get("images", [])
        )
        if "multiImage" in post.content and not 2 <= len(shown) <= 20:
            raise _bad("multiImage takes 2 to 20 images")
        if "article" in post.content:
            article = post.content["article"]
            kinds: dict[str, type | tuple[type, ...]] = {
                "source": str, "title": str, "description": str, "thumbnail": str, "thumbnailAltText": str,
            }  # fmt: skip
            only(article, kinds, _bad)
            if len(article["title"]) > 400 or not article["source"].startswith("http"):
                raise _bad("article is not valid")
            shown = [{"id": article["thumbnail"]}] if "thumbnail" in article else []
        for one in shown:
            only(one, {"id": str, "altText": str, "title": str}, _bad)
            upload = self.uploads.get(one["id"])
            if upload is None or not upload.pieces or upload.owner != post.author or len(one.get("altText", "")) > 4086:
                raise _bad(f"{one['id']} is not there")
            if upload.size and (not upload.final or upload.busy >= 0):
                raise _bad(f"{one['id']} is not ready")
        if post.parent and post.parent not in self.posts:
            raise _bad("reshareContext :: parent is not there")

    def _must_be_new(self, post: Post) -> None:
        if post.content or post.parent:
            return
        same = [
            urn for urn, one in self.posts.items() if (one.author, one.commentary) == (post.author, post.commentary)
        ]
        if self.ghosts or same:
            named = self._next("share") if self.ghosts else same[-1]
            why = (
                f"com.linkedin.content.common.exception.BadRequestResponseException: Content is a duplicate of {named}"
            )
            told = {"description": "Duplicate post is detected", "input": {}, "code": "DUPLICATE_POST"}
            raise Turned(422, {"errorDetailType": "com.linkedin.common.error.BadRequest", "message": why,
                               "errorDetails": {"inputErrors": [told]}, "status": 422})  # fmt: skip

    def _next(self, kind: str) -> str:
        self._number += 1
        return f"urn:li:{kind}:{self._number}"


def _told(urn: str, post: Post) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": urn,
        "author": post.author,
        "commentary": post.commentary,
        "createdAt": post.at,
        "publishedAt": post.at,
        "lifecycleState": "PUBLISHED",
        "visibility": "PUBLIC",
    }
    return told | ({"reshareContext": {"parent": post.parent}} if post.parent else {})


def _body(request: Request, fields: dict[str, type | tuple[type, ...]]) -> dict[str, Any]:
    if not isinstance(request.json, dict):
        raise _turned(400, "ILLEGAL_ARGUMENT", "Request body could not be converted to data map")
    for name, value in request.json.items():
        if name not in fields:
            raise _turned(422, "", f"ERROR :: /{name} :: unrecognized field found but not allowed")
        if not isinstance(value, fields[name]):
            raise _turned(422, "", f"ERROR :: /{name} :: cannot be coerced")
    return request.json


def _bad(why: str) -> Turned:
    return _turned(400, "", f"com.linkedin.content.common.exception.BadRequestResponseException: {why}")


def _turned(status: int, code: str, why: str) -> Turned:
    return Turned(status, {"status": status, "message": why} | ({"code": code} if code else {}))

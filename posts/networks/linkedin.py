"""LinkedIn, for a person and for the pages of organizations: its versioned Posts API.

After learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/ posts-api, images-api, videos-api and
little-text-format, …/organizations/share-statistics, and …/shared/authentication/authorization-code-flow, seen in
excerpts on 21 November 2026. A person's own posts may not be read back; those of a page may. LinkedIn names no size
of a picture, only 36,152,320 pixels; the 8 MB are https://docs.getlate.dev/resources/media-guidelines/linkedin, and
another tool (Ayrshare) stops at 5. How it counts is read off its refusals, and that the same words are taken again
after two days off https://github.com/ComposioHQ/composio/issues/2710.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar
from urllib.parse import quote

from notices.sentences import say
from posts.networks import client, linkedin_files, linkedin_posts, oauth
from posts.networks.access import App, Grant, SignsIn
from posts.networks.base import (
    Absent,
    Account,
    ChannelRefused,
    Connector,
    Found,
    Limits,
    MediaLimits,
    Message,
    NotSent,
    Proof,
    Reactions,
    Receipt,
    Refused,
    SendError,
    Unknown,
)
from posts.networks.counting import utf16_units
from posts.networks.figures import listed
from posts.networks.linkedin_calls import HEADERS, NAME, accepted, call
from posts.networks.little_text import little
from posts.networks.takes import must_take

ASKED = "asked"  # the step that says whether a request to publish has left whose answer nobody knows
PERSON, PAGE = "urn:li:person:", "urn:li:organization:"
ROLES = frozenset({"ADMINISTRATOR", "CONTENT_ADMINISTRATOR", "CONTENT_ADMIN"})  # those who may post for a page
MOST_STATISTICS = 20  # posts asked for at once, so that the address stays short

MEDIA = MediaLimits(
    images=20,
    image_types=("image/jpeg", "image/png"),
    image_bytes=8_000_000,
    longest_side=6012,  # 36,152,320 pixels in all
    alt_length=4086,
    gifs=1,
    gif_bytes=8_000_000,
    videos=1,
    video_bytes=500_000_000,
    video_seconds=1800.0,
)
LIMITS = Limits(
    max_length=3000,
    counted_in=say("characters").text,
    needs_media=False,
    min_gap_days=7,
    per_24h=150,
    same_words_after=2,
    media=MEDIA,
    source="https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api, "
    "https://docs.getlate.dev/resources/media-guidelines/linkedin, "
    "https://www.ayrshare.com/docs/apis/post/social-networks/linkedin, github.com/ComposioHQ/composio/issues/2710",
    checked=date(2026, 11, 21),
)


class LinkedIn(Connector, SignsIn):
    """A person's own profile."""

    slug = "linkedin"
    name = "LinkedIn"
    icon = "linkedin"
    address = "https://api.linkedin.com"
    pages = "https://www.linkedin.com"
    limits = LIMITS
    proof = Proof.NOTHING
    settle_after = 60.0
    resend_with_key = False
    reposts = True
    compares = True

    console = "https://www.linkedin.com/developers/apps"
    scopes: ClassVar[Sequence[str]] = ("openid", "profile", "w_member_social")
    steps: ClassVar[Sequence[str]] = (
        say("Create an app at linkedin.com/developers/apps. It needs a company page to belong to.").text,
        say("On the page “Products”, add “Share on LinkedIn” and “Sign In with LinkedIn using OpenID Connect”.").text,
        say("On the page “Auth”, enter the callback address that is shown here, letter by letter.").text,
        say("Copy the client id and the primary client secret from there, and enter both here.").text,
    )

    def length(self, text: str) -> int:
        """LinkedIn counts what is left of the little format, in UTF-16 units."""
        return utf16_units(text)

    def publish(self, account: Account, message: Message) -> Receipt:
        """An answer "duplicate" names a post. It is ours only if a request of ours was lost before, and it is none of
        our other posts, and, where LinkedIn lets us look, it stands there with these words (some it names never
        existed).
        """
        must_take(NAME, self.limits, message)
        body = self._body(account, message)
        lost_before = message.steps.kept(ASKED) == "yes"
        message.steps.keep(ASKED, "yes")
        try:
            return _publish(account, message, body, lost_before)
        except (NotSent, Refused, ChannelRefused):
            if not lost_before:
                message.steps.keep(ASKED, "no")
            raise

    def find(self, account: Account, message: Message) -> Found | Absent | Unknown:
        return Unknown(say("LinkedIn does not let anybody read a person’s posts. Please look and decide."))

    def measure(self, account: Account, remote_ids: Iterable[str]) -> dict[str, Reactions]:
        return {}

    def delete(self, account: Account, remote_id: str) -> None:
        headers = {"X-RestLi-Method": "DELETE"}
        answer = call(account, "DELETE", f"/rest/posts/{quote(remote_id, safe='')}", headers=headers)
        if answer.status != 404:
            accepted(answer)

    def authorize(self, app: App, *, state: str, challenge: str, redirect: str, hint: str = "") -> str:
        """Without the challenge: LinkedIn knows PKCE for apps on a device only."""
        place = f"{oauth.beside(app, self.address, self.pages)}/oauth/v2/authorization"
        return oauth.sign_in_address(place, app, state=state, redirect=redirect, scopes=self.scopes)

    def exchange(self, app: App, *, code: str, verifier: str, redirect: str) -> Sequence[Grant]:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect}
        token = oauth.must_allow(NAME, self._token(app, form), self._needed())
        return self._grants(app, token)

    def refresh(self, app: App, grant: Grant) -> Grant:
        """Only LinkedIn's partners are given refresh tokens; everybody else signs in again after 60 days."""
        if not (kept := grant.credentials.get(oauth.REFRESH)):
            raise ChannelRefused(say("LinkedIn wants you to sign in again, as it does every 60 days."))
        return oauth.renewed(grant, self._token(app, {"grant_type": "refresh_token", "refresh_token": kept}))

    def _needed(self) -> Sequence[str]:
        return ("w_member_social",)

    def _grants(self, app: App, token: oauth.Token) -> Sequence[Grant]:
        told = oauth.asked(NAME, f"{app.server or self.address}/v2/userinfo", token=token.access)
        match told:
            case {"sub": str() as person, "name": str() as name}:
                end = token.expires_at
                return [Grant(f"{PERSON}{person}", name, name, token.credentials, app.server, end)]
        raise client.unclear(NAME)

    def _token(self, app: App, form: Mapping[str, str]) -> oauth.Token:
        place = f"{oauth.beside(app, self.address, self.pages)}/oauth/v2/accessToken"
        return oauth.ask_token(NAME, place, form, app=app)

    def _body(self, account: Account, message: Message) -> dict[str, Any]:
        body: dict[str, Any] = {
            "author": account.remote_id,
            "commentary": little(message.text),
            "visibility": "PUBLIC",
            "distribution": {
                "feedDistribution": "MAIN_FEED",
                "targetEntities": [],
                "thirdPartyDistributionChannels": [],
            },
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
        }
        if message.repost_of:
            return {**body, "reshareContext": {"parent": message.repost_of}}
        content = linkedin_files.content(account, message)
        return {**body, "content": content} if content else body


def _publish(account: Account, message: Message, body: Mapping[str, Any], lost_before: bool) -> Receipt:
    answer = call(account, "POST", "/rest/posts", body=body)
    if (urn := linkedin_posts.duplicate_of(answer)) is not None:
        if not lost_before or urn in message.known:
            raise linkedin_posts.duplicate()
        return linkedin_posts.must_be_ours(account, message, urn)
    urn = accepted(answer).headers.get("x-restli-id", "")
    if not urn.startswith("urn:li:"):
        raise client.unclear(NAME)
    return linkedin_posts.receipt(urn)


class LinkedInPage(LinkedIn):
    """The page of an organization. Its app may hold no other product than LinkedIn's Community Management API."""

    slug = "linkedin_page"
    name = "LinkedIn page"
    limits = replace(LIMITS)
    proof = Proof.BY_READING
    measures = frozenset({"likes", "reposts", "replies", "views", "clicks"})

    scopes = ("w_organization_social", "r_organization_social", "rw_organization_admin")
    steps = (
        say("Create an app at linkedin.com/developers/apps that is used for pages only, and verify its page.").text,
        say("On the page “Products”, ask for the “Community Management API”. LinkedIn looks at it for some days.").text,
        say("On the page “Auth”, enter the callback address that is shown here, letter by letter.").text,
        say("Copy the client id and the primary client secret from there, and enter both here.").text,
    )

    def find(self, account: Account, message: Message) -> Found | Absent | Unknown:
        try:
            same = linkedin_posts.same_as(account, message)
        except SendError as error:
            return Unknown(error.sentence)
        if len(same) > 1:
            return Unknown(say("There are two posts with these words. Which one is ours cannot be told."))
        return Found(linkedin_posts.receipt(same[0])) if same else Absent()

    def measure(self, account: Account, remote_ids: Iterable[str]) -> dict[str, Reactions]:
        wanted, found = list(remote_ids), dict[str, Reactions]()
        for start in range(0, len(wanted), MOST_STATISTICS):
            found |= linkedin_posts.statistics(account, wanted[start : start + MOST_STATISTICS])
        return found

    def _needed(self) -> Sequence[str]:
        return ("w_organization_social", "r_organization_social")

    def _grants(self, app: App, token: oauth.Token) -> Sequence[Grant]:
        server = app.server or self.address
        told = oauth.asked(
            NAME, f"{server}/rest/organizationAcls?q=roleAssignee&count=100", token=token.access, headers=HEADERS
        )
        roles = [one for one in listed(told, "elements") if one.get("role") in ROLES and one.get("state") == "APPROVED"]
        urns = dict.fromkeys(str(one.get("organization", "")) for one in roles)
        if not urns:
            raise ChannelRefused(say("You are no administrator of a LinkedIn page, so there is nothing to connect."))
        return [self._page(app, token, urn) for urn in urns]

    def _page(self, app: App, token: oauth.Token, urn: str) -> Grant:
        place = f"{app.server or self.address}/rest/organizations/{urn.removeprefix(PAGE)}"
        match oauth.asked(NAME, place, token=token.access, headers=HEADERS):
            case {"localizedName": str() as name, "vanityName": str() as handle}:
                url = f"https://www.linkedin.com/company/{handle}"
                return Grant(urn, handle, name, token.credentials, app.server, token.expires_at, url)
        raise client.unclear(NAME)

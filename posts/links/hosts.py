"""Which host names belong to one owner, as far as a short list of suffixes tells."""

from __future__ import annotations

from ipaddress import ip_address

# Suffixes below which everybody may register, beside the top-level domains themselves: national second levels and
# the large free hosters. One that is missing here makes two neighbours look like one owner: nothing is asked then.
_SECOND = {
    "ac", "asn", "co", "com", "edu", "go", "gob", "gouv", "gov", "govt", "gv", "id", "ltd", "me", "mil", "ne", "net",
    "nom", "or", "org", "plc", "sch", "school",
}  # fmt: skip
_HOSTERS = {
    "blogspot.com", "canalblog.com", "fly.dev", "github.io", "gitlab.io", "glitch.me", "herokuapp.com", "medium.com",
    "neocities.org", "netlify.app", "notion.site", "onrender.com", "over-blog.com", "pages.dev", "readthedocs.io",
    "squarespace.com", "substack.com", "tumblr.com", "vercel.app", "web.app", "webflow.io", "weebly.com",
    "wixsite.com", "wordpress.com", "workers.dev",
}  # fmt: skip


def owner(host: str) -> str:
    """The registrable domain: example.co.uk of shop.example.co.uk."""
    name = host.lower().rstrip(".")
    try:
        return str(ip_address(name))
    except ValueError:
        pass
    labels = name.split(".")
    below = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND
    wanted = 3 if below or ".".join(labels[-2:]) in _HOSTERS else 2
    return ".".join(labels[-wanted:])

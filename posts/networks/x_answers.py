"""What the answers of X's API mean."""

from notices.sentences import say
from posts.networks import client, signed
from posts.networks.base import ChannelRefused, Refused

NAME = "X"
# Said with a 403, and about this one post: https://docs.x.com/x-api/fundamentals/response-codes-and-errors
_ABOUT_THE_POST = ("too long", "shorter", "video longer", "reply to", "deleted or not visible", "media", "attach")


def accepted(answer: client.Answer) -> client.Answer:
    """The answer if X took the request, else the error that says what is known."""
    words = says(answer).lower()
    match answer.status:
        case 401:
            raise signed.expired(NAME)
        case 402:
            raise ChannelRefused(say("X wants to be paid: the app has no credits left. Buy some in X’s console."))
        case 403 if "duplicate content" in words:
            raise Refused(say("X has had these words before and does not take them again so soon."), duplicate=True)
        case 403 if any(sign in words for sign in _ABOUT_THE_POST):
            raise Refused(say("X does not take this post. It says: “{words}”", words=says(answer)))
    return client.accepted(answer)


def says(answer: client.Answer) -> str:
    """X's own words, which stand in the first of `errors`, or in `detail`."""
    match answer.json():
        case {"errors": [{"message": str() as words} | {"detail": str() as words}, *_]}:
            return " ".join(words.split())[:300]
    return answer.words

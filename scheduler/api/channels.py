"""Channels: how each stands, what it takes, and connecting them by keys, which are written and never read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from notices.sentences import say
from notices.speak import speak, speak_kept
from posts.limits import OWN, known
from posts.models import Channel
from posts.networks import NETWORKS, SANDBOXES
from posts.networks.access import SignsIn, TakesKeys
from posts.networks.base import Connector, SendError
from scheduler import channel_limits, connecting
from scheduler import channels as verbs
from scheduler.api.base import WorkspaceView
from scheduler.api.fields import Body, Moment, Text, Whole
from scheduler.connecting import Arrival, Visit
from scheduler.verbs import NotNow

LONGEST = 5000


class KnownLimitShown(serializers.Serializer[Any]):
    name = serializers.CharField()
    value = serializers.IntegerField(allow_null=True, help_text="null: no such limit.")
    source = serializers.ChoiceField(  # type: ignore[assignment]
        ["documents", "network", "own"], help_text="Who says so."
    )
    said = serializers.CharField(help_text="The same for people.")
    url = serializers.CharField(help_text="Of the document, where it is one on the web.")
    since = serializers.DateField(allow_null=True)


class ChannelShown(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    network = serializers.CharField()
    handle = serializers.CharField()
    name = serializers.CharField()
    server = serializers.CharField(help_text="Where it is called; empty: the network's own servers.")
    remote_id = serializers.CharField(help_text="The network's own id of the account.")
    state = serializers.ChoiceField(Channel.State.choices)
    trouble = serializers.CharField(help_text="Why nothing can be sent there now.")
    max_length = serializers.IntegerField()
    counted_in = serializers.CharField()
    limits = KnownLimitShown(many=True)
    asked_at = Moment(allow_null=True, help_text="When the network was last asked for its limits.")


class Keys(serializers.DictField):
    child = Text(max_length=LONGEST, allow_blank=True)


class ConnectBody(Body):
    network = Text(max_length=30)
    keys = Keys(default=dict, write_only=True, help_text="What the network asks for, by name. Never shown again.")
    account = Text(
        max_length=300,
        default="",
        help_text="Which, where the keys open several: its handle or the network's id of it.",
    )
    name = Text(max_length=120, default="", help_text="As your team calls it.")


class ReconnectBody(Body):
    keys = Keys(default=dict, write_only=True, help_text="New keys; none where the network needs none.")


class LimitsBody(Body):
    """Numbers that go before what the network says; null takes one back."""

    max_length = Whole(allow_null=True, required=False, min_value=OWN["max_length"][0], max_value=OWN["max_length"][1])
    per_24h = Whole(allow_null=True, required=False, min_value=OWN["per_24h"][0], max_value=OWN["per_24h"][1])
    min_gap_days = Whole(
        allow_null=True, required=False, min_value=OWN["min_gap_days"][0], max_value=OWN["min_gap_days"][1]
    )
    images = Whole(allow_null=True, required=False, min_value=OWN["images"][0], max_value=OWN["images"][1])


class Channels(WorkspaceView):
    """Connected accounts. Where a person has to sign in at the network, that is done in the dashboard."""

    serializer_class = ChannelShown
    scopes = {"create": "admin", "reconnect": "admin", "disconnect": "admin"}  # noqa: RUF012
    asking = frozenset({"create", "reconnect", "ask_limits"})
    order = "pk"

    def get_queryset(self) -> QuerySet[Channel]:
        return Channel.objects.filter(workspace=self.workspace)

    def list(self, request: Request) -> Response:
        """Channels of the workspace."""
        return self.page(self.get_queryset(), _channel)

    def retrieve(self, request: Request, pk: str) -> Response:
        """One channel, with its limits and where each comes from."""
        return Response(_channel(self._one(pk)))

    @extend_schema(request=ConnectBody, responses={201: ChannelShown})
    def create(self, request: Request) -> Response:
        """Connect an account by its keys. The network is asked whether it knows them."""
        given = self.read(ConnectBody)
        connector = NETWORKS.get(given["network"])
        if connector is None:
            names = ", ".join(NETWORKS)
            raise ValidationError({"network": [_("Refrain knows these networks: {names}.").format(names=names)]})
        channel = self._sandbox(given) if given["network"] in SANDBOXES else self._by_keys(connector, given)
        if given["name"] and given["name"] != channel.name:
            verbs.rename(channel, given["name"], self.user, self.now)
        return Response(_channel(channel), status=201)

    @extend_schema(request=ReconnectBody, responses=ChannelShown)
    @action(detail=True, methods=["post"])
    def reconnect(self, request: Request, pk: str) -> Response:
        """Connect a channel again, with new keys where its network takes keys. What waited and is on time goes on."""
        channel, given = self._one(pk), self.read(ReconnectBody)
        if isinstance(channel.connector, (TakesKeys, SignsIn)):
            self._arrive(channel.connector, given["keys"], channel)
        else:
            verbs.reconnect(channel, self.user, self.now)
        return Response(_channel(self._one(pk)))

    @extend_schema(request=None, responses=ChannelShown)
    @action(detail=True, methods=["post"])
    def disconnect(self, request: Request, pk: str) -> Response:
        """Disconnect a channel and forget its keys. What is planned stays, and is held when it is due."""
        channel = self._one(pk)
        verbs.disconnect(channel, self.user, self.now)
        return Response(_channel(channel))

    @extend_schema(request=LimitsBody, responses=ChannelShown)
    @action(detail=True, methods=["patch"])
    def limits(self, request: Request, pk: str) -> Response:
        """Type limits that go before what the network says; null takes one back."""
        channel = self._one(pk)
        channel_limits.set_limits(channel, self.read(LimitsBody, partial=True), self.user, self.now)
        return Response(_channel(channel))

    @extend_schema(request=None, responses=ChannelShown)
    @action(detail=True, methods=["post"], url_path="ask-limits")
    def ask_limits(self, request: Request, pk: str) -> Response:
        """Ask the network what it takes from this account. Networks that say nothing leave all as it was."""
        channel = self._one(pk)
        try:
            channel_limits.ask(channel, self.now)
        except SendError as error:
            raise NotNow(error.sentence) from None
        return Response(_channel(channel))

    def _one(self, pk: str) -> Channel:
        return get_object_or_404(self.get_queryset(), pk=int(pk))

    def _sandbox(self, given: Mapping[str, Any]) -> Channel:
        _only(given["keys"], {"handle": True})
        handle = given["keys"]["handle"]
        return verbs.add(self.workspace, given["network"], handle, given["name"] or handle, self.user, self.now)

    def _by_keys(self, connector: Connector, given: Mapping[str, Any]) -> Channel:
        arrival = self._arrive(connector, given["keys"])
        if not arrival.choice:
            return arrival.connected[0]
        visit = self._visit(None)
        grants = connecting.offered(visit, arrival.choice, self.now)
        picked = [
            n for n, one in enumerate(grants) if given["account"] and given["account"] in (one.handle, one.remote_id)
        ]
        if len(picked) != 1:
            handles = ", ".join(one.handle for one in grants)
            raise NotNow(say("These keys open several accounts: {handles}. Name one of them.", handles=handles))
        return connecting.choose(visit, arrival.choice, picked, self.now).connected[0]

    def _arrive(self, connector: Connector, typed: Mapping[str, str], channel: Channel | None = None) -> Arrival:
        if not isinstance(connector, TakesKeys):
            raise NotNow(
                say("{network} wants a person to sign in. Connect it in the dashboard.", network=connector.name)
            )
        _only(typed, {field.name: field.required for field in connector.fields})
        return connecting.with_keys(self._visit(channel), connector, typed, self.now)

    def _visit(self, channel: Channel | None) -> Visit:
        return Visit(self.workspace, self.user, f"api {self.request.auth.pk}", channel)


def _only(keys: Mapping[str, str], names: Mapping[str, bool]) -> None:
    """Raises ValidationError for keys that the network does not ask for, and for those that are missing."""
    strange = {f"keys.{name}": [_("There is no field of this name here.")] for name in keys if name not in names}
    needed = [name for name, required in names.items() if required and not keys.get(name)]
    missing = {f"keys.{name}": [_("This network needs it.")] for name in needed}
    if strange or missing:
        raise ValidationError(strange | missing)


def _channel(row: Channel) -> dict[str, Any]:
    limits, told = row.limits, row.told or {}
    return {
        "id": row.pk,
        "network": row.network,
        "handle": row.handle,
        "name": row.name,
        "server": row.server,
        "remote_id": row.remote_id,
        "state": row.state,
        "trouble": speak_kept(row.trouble),
        "max_length": limits.max_length,
        "counted_in": _(limits.counted_in),
        "limits": [
            {
                "name": one.name,
                "value": one.value,
                "source": one.source,
                "said": speak(one.said),
                "url": one.url,
                "since": one.since,
            }
            for one in known(row.connector.limits, row.told, row.own_limits)
        ],
        "asked_at": told.get("at"),
    }

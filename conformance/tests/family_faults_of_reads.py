"""What servers of family_server.py do otherwise when channels and inboxes are read."""
import random
import urllib.parse

from family_server import Refused, choice, fault, quirk, refuse, without

# --- get


def got(change):
    """A get that answers what change makes of the channel."""
    return lambda api, right, *given: (200, change(right(*given)[1]))


def media_type(operation, value, status=None):
    return lambda api, right, of, was: value if of == operation and status in (None, was) else right(of, was)


request_id = media_type

fault("G1", "get-answers-a-list", get=got(lambda channel: [channel]))
fault("G1", "get-wraps-the-channel", get=got(lambda channel: {"channel": channel}))


@quirk()
class get_refuses_a_body:
    """The contract says that a body is ignored only of our mock: RFC 9110 section 9.3.1 gives it no meaning."""

    def act(self, operation, parts, headers, body):
        if operation == "get" and body and not body.startswith(b"{"):
            raise Refused(400)
        return super().act(operation, parts, headers, body)


@fault("G1")
class get_moves_time:
    """A read writes: each get changes updated."""

    def get(self, contact, kind):
        self.find(contact, kind)["updated"] = f"2020-01-01T00:00:{random.randrange(60):02}Z"
        return super().get(contact, kind)


fault("R2", "get-without-id", get=got(lambda channel: without(channel, "id")))
fault("R2", "get-without-team", get=got(lambda channel: without(channel, "team_id")))
fault("R2", "get-with-text-id", get=got(lambda channel: {**channel, "id": str(channel["id"])}))
fault("R5", "get-with-epoch-times", get=got(lambda channel: {**channel, "created": "1713225600"}))
fault("R6", "get-is-html", media_type=media_type("get", "text/html"))
quirk("deletion-is-text", media_type=media_type("delete", "text/plain", 200))  # R6 is about channels, and X2 takes any 2xx
fault("R6", "list-has-no-media-type", media_type=media_type("list", None))
fault("R6", "update-is-a-form", media_type=media_type("update", "application/x-www-form-urlencoded"))
fault("R6", "inboxes-are-vendor-json", media_type=media_type("inboxes", "text/json"))
fault("T4", "deletion-without-request-id", request_id=request_id("delete", None))
fault("T4", "one-request-id-for-reads", request_id=request_id("get", "11111111-2222-4333-8444-555555555555"))
fault("T4", "no-request-id-where-absent", request_id=request_id("get", None, 404))


@fault("G2")
class get_of_any_contact:
    def get(self, contact, kind):
        for one in [contact, *self.contacts.values()]:
            if self.of_type(one, kind):
                return super().get(one, kind)
        raise Refused(404)


fault("G2", "get-finds-by-prefix", of_type=lambda api, right, contact, kind:
      [channel for channel in contact["channels"] if channel["channel_type"].startswith(kind)] if kind else [])
fault("G2", "get-answers-the-newest-of-all", get=lambda api, right, contact, kind:
      (right(contact, kind)[0], api.one(contact["channels"][-1])))
fault("G2", "get-of-another-team", get=got(lambda channel: {**channel, "team_id": channel["team_id"] + 1}))

choice("G5", "decodes-twice", kind=lambda api, right, segment: right(right(segment)))
choice("G5", "decodes-not-at-all", kind=lambda api, right, segment: segment)
choice("G5", "decodes-a-plus", kind=lambda api, right, segment: urllib.parse.unquote_plus(segment, errors="replace"))
choice("G5", "decodes-latin-1", kind=lambda api, right, segment: urllib.parse.unquote(segment, encoding="latin-1"))
choice("G5", "cuts-at-the-slash", kind=lambda api, right, segment: right(segment).partition("/")[0])
choice("G5", "trims-the-type", kind=lambda api, right, segment: right(segment).strip())
choice("G5", "ignores-case", same=lambda api, right, one, other: one.lower() == other.lower())
fault("G2", "long-type-is-500", kind=lambda api, right, segment:
      refuse(500, "server_error") if len(segment) > 4096 else right(segment))


def absent(value):
    return lambda api, right, contact, kind: right(contact, kind) if api.of_type(contact, kind) else (200, value)


fault("G2", "absent-is-null", get=absent(None))
fault("G2", "absent-is-an-empty-object", get=absent({}))
fault("G2", "absent-is-500", find=lambda api, right, contact, kind:
      right(contact, kind) if api.of_type(contact, kind) else refuse(500, "server_error"))

# --- list


def listed(change):
    """A list of what change makes of the right one."""
    return lambda api, right, contact: (200, change(right(contact)[1]))


choice("L1", "list-forgets-the-newest", list=listed(lambda channels: channels[:-1]))
choice("L1", "list-has-a-page", list=listed(lambda channels: channels[-100:]))
fault("X1", "list-is-wrapped", list=listed(lambda channels: {"channels": channels}))
choice("L1", "list-has-each-type-once",
       list=listed(lambda channels: list({channel["channel_type"]: channel for channel in channels}.values())))
fault("R8", "list-of-the-team", list=lambda api, right, contact:
      (200, [channel for one in api.contacts.values() if one["team"] == contact["team"] for channel in api.shown(one)]))
# Two choices that no case can see: others may write to the empty contact.
quirk("empty-list-is-null", list=listed(lambda channels: channels or None))
quirk("empty-list-is-404", list=lambda api, right, contact: right(contact) if contact["channels"] else refuse(404))
fault("R2", "list-without-times", list=listed(lambda channels: [without(one, "updated") for one in channels]))
fault("R8", "list-mixes-contacts", list=listed(
    lambda channels: [{**one, "contact_id": one["contact_id"] + place % 2} for place, one in enumerate(channels)]))

# --- inboxes


def each_inbox(change):
    return lambda api, right, team: (200, [change(inbox) for inbox in right(team)[1]])


fault("N1", "inboxes-are-wrapped", inboxes=lambda api, right, team: (200, {"inboxes": right(team)[1]}))
fault("N1", "inbox-members-are-objects",
      inboxes=each_inbox(lambda inbox: {**inbox, "members": [{"id": one} for one in inbox["members"]]}))
fault("N1", "inbox-members-are-names", inboxes=each_inbox(lambda inbox: {**inbox, "members": ["Ada"]}))
fault("N1", "inbox-name-is-null", inboxes=each_inbox(lambda inbox: {**inbox, "name": None}))
fault("N1", "inbox-phones-are-a-text", inboxes=each_inbox(lambda inbox: {**inbox, "phones": "1"}))
fault("N1", "inbox-without-phones", inboxes=each_inbox(lambda inbox: without(inbox, "phones")))
fault("N1", "inbox-ids-are-texts", inboxes=each_inbox(lambda inbox: {**inbox, "id": str(inbox["id"])}))
fault("N1", "inbox-team-is-a-name", inboxes=each_inbox(lambda inbox: {**inbox, "team": "Desk"}))

# --- HEAD, of which no clause says anything

quirk("head-has-a-body", body_after_head=True)

"""What servers of family_server.py do otherwise when channels and inboxes are read."""
import random
import urllib.parse

from family_server import Refused, choice, fault, quirk

# --- get


@fault("G1")
class get_answers_a_list:
    def get(self, contact, kind):
        return 200, [super().get(contact, kind)[1]]


@fault("G1")
class get_wraps_the_channel:
    def get(self, contact, kind):
        return 200, {"channel": super().get(contact, kind)[1]}


@quirk
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


@fault("R2")
class get_without_id:
    def get(self, contact, kind):
        status, channel = super().get(contact, kind)
        del channel["id"]
        return status, channel


@fault("R2")
class get_with_text_id:
    def get(self, contact, kind):
        status, channel = super().get(contact, kind)
        return status, {**channel, "id": str(channel["id"])}


@fault("R5")
class get_with_epoch_times:
    def get(self, contact, kind):
        status, channel = super().get(contact, kind)
        return status, {**channel, "created": "1713225600"}


@fault("R6")
class get_is_html:
    def media_type(self, operation, status):
        return "text/html" if operation == "get" else super().media_type(operation, status)


@quirk
class deletion_is_text:
    """R6 is about channels, and X2 takes any 2xx."""

    def media_type(self, operation, status):
        return "text/plain" if operation == "delete" and status == 200 else super().media_type(operation, status)


@fault("R6")
class list_has_no_media_type:
    def media_type(self, operation, status):
        return None if operation == "list" else super().media_type(operation, status)


@fault("R6")
class update_is_a_form:
    def media_type(self, operation, status):
        return "application/x-www-form-urlencoded" if operation == "update" else super().media_type(operation, status)


@fault("R6")
class inboxes_are_vendor_json:
    def media_type(self, operation, status):
        return "text/json" if operation == "inboxes" else super().media_type(operation, status)


@fault("T4")
class deletion_without_request_id:
    def request_id(self, operation, status):
        return None if operation == "delete" else super().request_id(operation, status)


@fault("T4")
class one_request_id_for_reads:
    def request_id(self, operation, status):
        return "11111111-2222-4333-8444-555555555555" if operation == "get" else super().request_id(operation, status)


@fault("T4")
class no_request_id_where_absent:
    def request_id(self, operation, status):
        return None if operation == "get" and status == 404 else super().request_id(operation, status)


@fault("G2")
class get_of_any_contact:
    def get(self, contact, kind):
        for one in [contact, *self.contacts.values()]:
            if self.of_type(one, kind):
                return super().get(one, kind)
        raise Refused(404)


@fault("G2")
class get_finds_by_prefix:
    def of_type(self, contact, kind):
        return [channel for channel in contact["channels"] if channel["channel_type"].startswith(kind)] if kind else []


@fault("G2")
class get_answers_the_newest_of_all:
    def get(self, contact, kind):
        super().get(contact, kind)
        return 200, self.one(contact["channels"][-1])


@fault("G2")
class get_of_another_team:
    def get(self, contact, kind):
        status, channel = super().get(contact, kind)
        return status, {**channel, "team_id": channel["team_id"] + 1}


class Decoded:
    def kind(self, segment):
        return self.decoded(segment)


@choice("G5")
class decodes_twice(Decoded):
    def decoded(self, segment):
        return urllib.parse.unquote(urllib.parse.unquote(segment, errors="replace"), errors="replace")


@choice("G5")
class decodes_not_at_all(Decoded):
    def decoded(self, segment):
        return segment


@choice("G5")
class decodes_a_plus(Decoded):
    def decoded(self, segment):
        return urllib.parse.unquote_plus(segment, errors="replace")


@choice("G5")
class decodes_latin_1(Decoded):
    def decoded(self, segment):
        return urllib.parse.unquote(segment, encoding="latin-1")


@choice("G5")
class cuts_at_the_slash(Decoded):
    def decoded(self, segment):
        return urllib.parse.unquote(segment, errors="replace").partition("/")[0]


@choice("G5")
class trims_the_type(Decoded):
    def decoded(self, segment):
        return urllib.parse.unquote(segment, errors="replace").strip()


@choice("G5")
class ignores_case:
    def same(self, one, other):
        return one.lower() == other.lower()


@fault("G2")
class long_type_is_500(Decoded):
    def decoded(self, segment):
        if len(segment) > 4096:
            raise Refused(500, "server_error")
        return urllib.parse.unquote(segment, errors="replace")


@fault("G2")
class absent_is_null:
    def get(self, contact, kind):
        return super().get(contact, kind) if self.of_type(contact, kind) else (200, None)


@fault("G2")
class absent_is_an_empty_object:
    def get(self, contact, kind):
        return super().get(contact, kind) if self.of_type(contact, kind) else (200, {})


@fault("G2")
class absent_is_500:
    def find(self, contact, kind):
        if not self.of_type(contact, kind):
            raise Refused(500, "server_error")
        return super().find(contact, kind)


# --- list


@choice("L1")
class list_forgets_the_newest:
    def list(self, contact):
        return 200, self.shown(contact)[:-1]


@choice("L1")
class list_has_a_page:
    def list(self, contact):
        return 200, self.shown(contact)[-100:]


@fault("X1")
class list_is_wrapped:
    def list(self, contact):
        return 200, {"channels": self.shown(contact)}


@choice("L1")
class list_has_each_type_once:
    def list(self, contact):
        return 200, list({channel["channel_type"]: channel for channel in self.shown(contact)}.values())


@fault("R8")
class list_of_the_team:
    def list(self, contact):
        return 200, [channel for one in self.contacts.values() if one["team"] == contact["team"] for channel in self.shown(one)]


@quirk
class empty_list_is_null:
    """A choice that no case can see: others may write to the empty contact."""

    def list(self, contact):
        return 200, self.shown(contact) or None


@quirk
class empty_list_is_404:
    """A choice that no case can see: others may write to the empty contact."""

    def list(self, contact):
        if not contact["channels"]:
            raise Refused(404)
        return super().list(contact)


@fault("R2")
class list_without_times:
    def list(self, contact):
        return 200, [{name: value for name, value in one.items() if name != "updated"} for one in self.shown(contact)]


@fault("R8")
class list_mixes_contacts:
    def list(self, contact):
        return 200, [{**one, "contact_id": one["contact_id"] + place % 2} for place, one in enumerate(self.shown(contact))]


# --- inboxes


@fault("N1")
class inboxes_are_wrapped:
    def inboxes(self, team):
        return 200, {"inboxes": super().inboxes(team)[1]}


@fault("N1")
class inbox_members_are_objects:
    def inboxes(self, team):
        return 200, [{**inbox, "members": [{"id": one} for one in inbox["members"]]} for inbox in super().inboxes(team)[1]]


@fault("N1")
class inbox_without_phones:
    def inboxes(self, team):
        return 200, [{name: value for name, value in inbox.items() if name != "phones"} for inbox in super().inboxes(team)[1]]


@fault("N1")
class inbox_ids_are_texts:
    def inboxes(self, team):
        return 200, [{**inbox, "id": str(inbox["id"])} for inbox in super().inboxes(team)[1]]


@fault("N1")
class inbox_team_is_a_name:
    def inboxes(self, team):
        return 200, [{**inbox, "team": "Desk"} for inbox in super().inboxes(team)[1]]


# --- HEAD, of which no clause says anything


@quirk
class head_has_a_body:
    body_after_head = True

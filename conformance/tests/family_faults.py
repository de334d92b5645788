"""What the servers of family_server.py do otherwise. A fault breaks a clause, which the suite must name. A choice differs from
our mock where the contract leaves it open (source A): the suite must show it, and accuse nobody. A quirk is not even that."""
import datetime
import json
import random
import urllib.parse

from family_server import CONTACTS, LEEWAY_S, LIFE_S, SECRETS, Refused, choice, fault, quirk

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


# --- update


@fault("U1")
class update_needs_a_known_type:
    def update(self, contact, kind, value):
        if kind not in ("phone", "email", "facebook"):
            raise Refused(400)
        return super().update(contact, kind, value)


@fault("U1")
class update_refuses_the_second_secret:
    def token(self, headers, operation):
        team = super().token(headers, operation)
        if operation == "update" and SECRETS["second"][0] in claims_of(headers):
            raise Refused(403)
        return team


@fault("U1")
class update_takes_numbers:
    def values(self, headers, body, operation):
        try:
            value = json.loads(body)
        except ValueError:
            value = None
        if operation == "update" and isinstance(value, dict) and isinstance(value.get("channel_id"), int):
            return value.get("channel_type"), str(value["channel_id"])
        return super().values(headers, body, operation)


@fault("U1")
class update_takes_half_a_body:
    def values(self, headers, body, operation):
        if operation == "update" and body.count(b'"') >= 7 and not body.endswith(b"}"):
            body = body.rstrip(b'"') + b'"}'
        return super().values(headers, body, operation)


@fault("U2")
class update_changes_nothing:
    def update(self, contact, kind, value):
        self.find(contact, kind)
        return 200, self.shown(contact)


@fault("U2")
class update_only_answers:
    def update(self, contact, kind, value):
        channel = self.find(contact, kind)
        before = channel["channel_id"]
        answer = super().update(contact, kind, value)
        channel["channel_id"] = before
        return answer


@fault("U2")
class update_creates:
    def update(self, contact, kind, value):
        self.find(contact, kind)
        self.add(contact, kind, value)
        return 200, self.shown(contact)


@fault("U2")
class update_changes_another_type:
    def update(self, contact, kind, value):
        answer = super().update(contact, kind, value)
        for channel in contact["channels"]:
            if channel["channel_type"] != kind and channel["channel_type"].startswith("hm-"):
                channel["channel_id"] = value
        return answer


@fault("U2")
class update_changes_other_contacts:
    def update(self, contact, kind, value):
        answer = super().update(contact, kind, value)
        for other in self.contacts.values():
            for channel in self.of_type(other, kind):
                channel["channel_id"] = value
        return answer


@fault("U2")
class update_changes_all_of_the_type:
    def update(self, contact, kind, value):
        answer = super().update(contact, kind, value)
        for channel in self.of_type(contact, kind):
            channel["channel_id"] = value
        return answer


@fault("U2")
class update_loses_the_others:
    def update(self, contact, kind, value):
        answer = super().update(contact, kind, value)
        contact["channels"][:] = [channel for channel in contact["channels"] if not channel["channel_type"].startswith("hm-")
                                  or channel["channel_type"] == kind]
        return answer


@fault("U2")
class list_is_before_the_update:
    """A list of the answer that is made before the change."""

    def update(self, contact, kind, value):
        before = self.shown(contact)
        super().update(contact, kind, value)
        return 200, before


@fault("U2")
class update_cuts_the_value:
    def update(self, contact, kind, value):
        return super().update(contact, kind, value.encode("ascii", "ignore").decode())


@fault("U2")
class get_remembers_the_old_value:
    def update(self, contact, kind, value):
        channel = self.find(contact, kind)
        channel.setdefault("old", channel["channel_id"])
        return super().update(contact, kind, value)

    def get(self, contact, kind):
        channel = self.find(contact, kind)
        return 200, {**self.one(channel), "channel_id": channel.get("old", channel["channel_id"])}

    def one(self, channel):
        return {name: value for name, value in channel.items() if name != "old"}


@fault("U2")
class update_creates_what_is_absent:
    """Upsert: an update of an absent type creates it."""

    def update(self, contact, kind, value):
        if not self.of_type(contact, kind):
            self.add(contact, kind, value)
        return super().update(contact, kind, value)


@fault("X1")
class update_after_delete_revives:
    def delete(self, contact, kind):
        self.gone = getattr(self, "gone", {})
        self.gone[contact["number"], kind] = self.find(contact, kind)
        return super().delete(contact, kind)

    def update(self, contact, kind, value):
        old = getattr(self, "gone", {}).pop((contact["number"], kind), None)
        if old and not self.of_type(contact, kind):
            contact["channels"].append(old)
        return super().update(contact, kind, value)


@fault("E1")
class update_refuses_and_writes:
    def values(self, headers, body, operation):
        try:
            return super().values(headers, body, operation)
        except Refused:
            if operation == "update":
                self.write_values(body)
            raise

    def write_values(self, body):
        try:
            value = json.loads(body)
        except ValueError:
            return
        if isinstance(value, dict) and isinstance(value.get("channel_id"), str) and value["channel_id"]:
            self.add(self.contacts[CONTACTS["ada"][0]], "email", value["channel_id"])


# --- delete


@fault("X1")
class delete_removes_nothing:
    def delete(self, contact, kind):
        self.find(contact, kind)
        return 200, "ok"


@fault("X1")
class delete_empties_the_contact:
    """Only what the suite creates, so that each of its cases is judged."""

    def delete(self, contact, kind):
        self.find(contact, kind)
        contact["channels"][:] = [channel for channel in contact["channels"] if channel["id"] <= self.start_id]
        return 200, "ok"


@fault("X1")
class delete_reaches_other_contacts:
    def delete(self, contact, kind):
        answer = super().delete(contact, kind)
        for other in self.contacts.values():
            other["channels"][:] = [channel for channel in other["channels"] if channel["channel_type"] != kind]
        return answer


@fault("X1")
class delete_removes_a_neighbour:
    """The channel that was created before it, of another type, is removed, too."""

    def delete(self, contact, kind):
        place = contact["channels"].index(self.find(contact, kind))
        answer = super().delete(contact, kind)
        if place > 0 and contact["channels"][place - 1]["channel_type"].startswith("hm-"):
            del contact["channels"][place - 1]
        return answer


@fault("X1")
class delete_hides_from_get_alone:
    def delete(self, contact, kind):
        self.find(contact, kind)["hidden"] = True
        return 200, "ok"

    def of_type(self, contact, kind):
        return [channel for channel in super().of_type(contact, kind) if not channel.get("hidden")]

    def one(self, channel):
        return {name: value for name, value in channel.items() if name != "hidden"}


@fault("X1")
class delete_hides_from_lists_alone:
    def delete(self, contact, kind):
        self.find(contact, kind)["hidden"] = True
        return 200, "ok"

    def shown(self, contact):
        return [self.one(channel) for channel in contact["channels"] if not channel.get("hidden")]

    def one(self, channel):
        return {name: value for name, value in channel.items() if name != "hidden"}


@fault("X1")
class delete_takes_the_type_of_the_body:
    def act(self, operation, parts, headers, body):
        try:
            kind = json.loads(body)["channel_type"] if operation == "delete" else None
        except (ValueError, KeyError, TypeError):
            kind = None
        return super().act(operation, parts if kind is None else (parts[0], urllib.parse.quote(kind, safe="")), headers, body)


@fault("X1")
class delete_refuses_the_second_secret:
    def token(self, headers, operation):
        team = super().token(headers, operation)
        if operation == "delete" and SECRETS["second"][0] in claims_of(headers):
            raise Refused(403)
        return team


@quirk
class delete_refuses_a_body:
    def act(self, operation, parts, headers, body):
        if operation == "delete" and body:
            raise Refused(400)
        return super().act(operation, parts, headers, body)


@choice("X1")
class ids_are_reused:
    def delete(self, contact, kind):
        self.free = getattr(self, "free", [])
        self.free.append(self.find(contact, kind)["id"])
        return super().delete(contact, kind)

    def new_id(self, contact):
        free = getattr(self, "free", [])
        return free.pop() if free else super().new_id(contact)


@choice("X3")
class second_deletion_succeeds:
    def delete(self, contact, kind):
        return super().delete(contact, kind) if self.of_type(contact, kind) else (200, "ok")


@fault("X1")
class deletion_is_done_and_500:
    def delete(self, contact, kind):
        super().delete(contact, kind)
        raise Refused(500, "server_error")


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


# --- tokens and contacts, where one operation forgets them


def claims_of(headers):
    from family_server import unbase64
    try:
        return unbase64(headers.get("Authorization", "").split(".")[1]).decode()
    except (ValueError, IndexError):
        return ""


class Open:
    """The operation `opened` does not look at the token."""

    def token(self, headers, operation):
        try:
            return super().token(headers, operation)
        except Refused:
            if operation != self.opened:
                raise
            return 11


@fault("E2")
class get_needs_no_token(Open):
    opened = "get"


@fault("E2")
class list_needs_no_token(Open):
    opened = "list"


@fault("E2")
class update_needs_no_token(Open):
    opened = "update"


@fault("E2")
class delete_needs_no_token(Open):
    opened = "delete"


@fault("N2")
class inboxes_need_no_token(Open):
    opened = "inboxes"


@fault("E2")
class deleted_and_refused:
    """A deletion with a wrong token gets 401, and is done."""

    def act(self, operation, parts, headers, body):
        try:
            return super().act(operation, parts, headers, body)
        except Refused as refused:
            if refused.status == 401 and operation == "delete":
                for contact in self.contacts.values():
                    contact["channels"][:] = [one for one in contact["channels"] if one["channel_type"] != self.kind(parts[1])]
            raise


@fault("E2")
class reads_outlive_the_token:
    def token(self, headers, operation):
        self.operation = operation
        return super().token(headers, operation)

    def check_times(self, said, now):
        super().check_times(said, min(now, said["iat"] + LIFE_S - 1) if self.operation in ("get", "list") else now)


@fault("N2")
class inboxes_outlive_the_token:
    def token(self, headers, operation):
        self.operation = operation
        return super().token(headers, operation)

    def check_times(self, said, now):
        super().check_times(said, min(now, said["iat"] + LIFE_S - 1) if self.operation == "inboxes" else now)


@fault("N2")
class inboxes_answer_401_to_the_second_secret:
    def token(self, headers, operation):
        team = super().token(headers, operation)
        if operation == "inboxes" and SECRETS["second"][0] in claims_of(headers):
            raise Refused(401)
        return team


class Stranger:
    """The operation `opened` reaches another team's contact."""

    def contact(self, text, team, operation):
        try:
            return super().contact(text, team, operation)
        except Refused as refused:
            if refused.status != 403 or operation != self.opened:
                raise
            return self.contacts[urllib.parse.unquote(text).lower()]


@fault("J11")
class get_of_another_teams_contact(Stranger):
    opened = "get"


@fault("J11")
class list_of_another_teams_contact(Stranger):
    opened = "list"


@fault("J11")
class update_of_another_teams_contact(Stranger):
    opened = "update"


@fault("J11")
class delete_of_another_teams_contact(Stranger):
    opened = "delete"


class Near:
    """The operation `near` does not compare the last digit of the contact's UUID."""

    def contact(self, text, team, operation):
        known = next((one for one in self.contacts if one[:-1] == text.lower()[:-1]), text)
        return super().contact(known if operation == self.near and text.lower() not in self.contacts else text, team, operation)


@fault("T3")
class get_of_a_near_contact(Near):
    near = "get"


@fault("T3")
class update_of_a_near_contact(Near):
    near = "update"


@fault("G1")
class delete_of_a_near_contact(Near):
    near = "delete"


@fault("J11")
class stranger_is_404:
    def contact(self, text, team, operation):
        try:
            return super().contact(text, team, operation)
        except Refused as refused:
            if refused.status == 403 and operation in ("get", "delete"):
                raise Refused(404) from None
            raise


# --- quirks: what the contract allows


@quirk
class of_several_the_oldest:
    def find(self, contact, kind):
        super().find(contact, kind)
        return self.of_type(contact, kind)[0]


@quirk
class absent_is_400:
    def find(self, contact, kind):
        if not self.of_type(contact, kind):
            raise Refused(400)
        return super().find(contact, kind)


@quirk
class update_answers_the_channel:
    def after_update(self, contact, channel):
        return self.one(channel)


@quirk
class delete_answers_the_list:
    def after_delete(self, contact):
        return 200, self.shown(contact)


@quirk
class delete_answers_nothing:
    def after_delete(self, contact):
        return 204, None


@quirk
class delete_answers_true:
    def after_delete(self, contact):
        return 200, {"deleted": True}


@quirk
class delete_is_accepted:
    def after_delete(self, contact):
        return 202, "ok"


@quirk
class writes_answer_201:
    def success(self, operation):
        return 201


@quirk
class no_list:
    def act(self, operation, parts, headers, body):
        if operation == "list":
            raise Refused(404, "not_found")
        return super().act(operation, parts, headers, body)


@quirk
class duplicates_are_appended:
    def create(self, contact, kind, value):
        self.add(contact, kind, value)
        return 200, self.shown(contact)

    def update(self, contact, kind, value):
        channel = self.find(contact, kind)
        channel["channel_id"], channel["updated"] = value, self.moment()
        return 200, self.after_update(contact, channel)


@quirk
class duplicates_are_refused:
    def create(self, contact, kind, value):
        if any(channel["channel_id"] == value for channel in self.of_type(contact, kind)):
            raise Refused(400)
        return super().create(contact, kind, value)

    def update(self, contact, kind, value):
        channel = self.find(contact, kind)
        if any(one["channel_id"] == value for one in self.of_type(contact, kind) if one is not channel):
            raise Refused(400)
        return super().update(contact, kind, value)


@quirk
class update_moves_created:
    """U3 is the mock's choice: others may count a changed channel as a new one."""

    def update(self, contact, kind, value):
        self.find(contact, kind)["created"] = self.moment()
        return super().update(contact, kind, value)


@quirk
class list_in_another_order:
    def list(self, contact):
        return 200, sorted(self.shown(contact), key=lambda one: one["channel_id"])


@quirk
class inboxes_have_more:
    def inboxes(self, team):
        return 200, [{**inbox, "color": "#fff", "hours": None} for inbox in super().inboxes(team)[1]]


@quirk
class no_inbox_yet:
    def inboxes(self, team):
        return 200, []


@quirk
class big_random_ids:
    def new_id(self, contact):
        self.last_id += random.randrange(1, 2 ** 40)
        return self.last_id


@quirk
class times_with_offsets:
    def moment(self):
        zone = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
        return datetime.datetime.now(zone).isoformat(timespec="milliseconds")


@quirk
class no_info_and_handle:
    def one(self, channel):
        return {name: value for name, value in super().one(channel).items() if name not in ("info_channel", "channel_handle")}


@quirk
class channels_have_more:
    def one(self, channel):
        return {**super().one(channel), "verified": False, "tags": []}


@quirk
class json_is_pretty:
    def text(self, value, operation):
        return json.dumps(value, indent=2, ensure_ascii=False).encode() + b"\n"


@quirk
class json_has_a_charset:
    def media_type(self, operation, status):
        return "application/json; charset=utf-8"


@quirk
class request_ids_in_capitals:
    def request_id(self, operation, status):
        return super().request_id(operation, status).upper()


@quirk
class wrong_methods_are_404:
    def route(self, method, path):
        try:
            return super().route(method, path)
        except Refused:
            raise Refused(404, "not_found") from None


@quirk
class no_allow_with_405:
    """T6 is the mock's choice."""

    def route(self, method, path):
        try:
            return super().route(method, path)
        except Refused as refused:
            refused.headers.pop("Allow", None)
            raise


@quirk
class a_slash_may_follow:
    def route(self, method, path):
        return super().route(method, path.rstrip("/") or path)


@quirk
class head_is_not_served:
    def route(self, method, path):
        if method == "HEAD":
            raise Refused(405, "method_not_allowed", Allow="GET")
        return super().route(method, path)


@quirk
class empty_values_are_taken:
    def values(self, headers, body, operation):
        try:
            value = json.loads(body)
            pair = value["channel_type"], value["channel_id"]
        except (ValueError, KeyError, TypeError):
            pair = None
        if pair and "" in pair and all(isinstance(one, str) for one in pair):
            return pair
        return super().values(headers, body, operation)


@quirk
class unknown_contact_is_403:
    def contact(self, text, team, operation):
        try:
            return super().contact(text, team, operation)
        except Refused as refused:
            raise Refused(403, "denied") if refused.status == 404 else refused from None


@quirk
class errors_are_plain:
    def error(self, name):
        return name


@quirk
class a_deleted_channel_leaves_a_gap:
    """Ids go up by two, and a deletion takes one of them."""

    def delete(self, contact, kind):
        self.new_id(contact)
        return super().delete(contact, kind)

    def new_id(self, contact):
        super().new_id(contact)
        return super().new_id(contact)


# --- HEAD, of which no clause says anything


@quirk
class head_has_a_body:
    body_after_head = True

"""What the contract allows, and servers of family_server.py do."""
import datetime
import json
import random

from family_server import Refused, choice, quirk

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

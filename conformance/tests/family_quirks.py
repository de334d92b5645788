"""What the contract allows, and servers of family_server.py do."""
import datetime
import json
import random

from family_server import Refused, quirk, refuse, refused, without

quirk("of-several-the-oldest", find=lambda api, right, contact, kind: right(contact, kind) and api.of_type(contact, kind)[0])
quirk("absent-is-400", find=lambda api, right, contact, kind:
      right(contact, kind) if api.of_type(contact, kind) else refuse(400))
quirk("update-answers-the-channel", after_update=lambda api, right, contact, channel: api.one(channel))
quirk("delete-answers-the-list", after_delete=lambda api, right, contact: (200, api.shown(contact)))
quirk("delete-answers-nothing", after_delete=lambda api, right, contact: (204, None))
quirk("delete-answers-true", after_delete=lambda api, right, contact: (200, {"deleted": True}))
quirk("delete-is-accepted", after_delete=lambda api, right, contact: (202, "ok"))
quirk("writes-answer-201", success=lambda api, right, operation: 201)
for absent in "list", "update", "delete", "inboxes":
    quirk("no-" + absent, act=lambda api, right, operation, *given, absent=absent:
          refuse(404, "not_found") if operation == absent else right(operation, *given))


@quirk()
class duplicates_are_appended:
    def create(self, contact, kind, value):
        self.add(contact, kind, value)
        return 200, self.shown(contact)

    def update(self, contact, kind, value):
        channel = self.find(contact, kind)
        channel["channel_id"], channel["updated"] = value, self.moment()
        return 200, self.after_update(contact, channel)


def no_duplicate(api, right, contact, kind, value):
    changed = api.find(contact, kind) if right.__name__ == "update" else None
    if any(one["channel_id"] == value for one in api.of_type(contact, kind) if one is not changed):
        raise Refused(400)
    return right(contact, kind, value)


quirk("duplicates-are-refused", create=no_duplicate, update=no_duplicate)


@quirk()
class update_moves_created:
    """U3 is the mock's choice: others may count a changed channel as a new one."""

    def update(self, contact, kind, value):
        self.find(contact, kind)["created"] = self.moment()
        return super().update(contact, kind, value)


quirk("list-in-another-order", list=lambda api, right, contact:
      (200, sorted(api.shown(contact), key=lambda one: one["channel_id"])))
quirk("inboxes-have-more", inboxes=lambda api, right, team:
      (200, [{**inbox, "color": "#fff", "hours": None} for inbox in right(team)[1]]))
quirk("no-inbox-yet", inboxes=lambda api, right, team: (200, []))


@quirk()
class big_random_ids:
    def new_id(self, contact):
        self.last_id += random.randrange(1, 2 ** 40)
        return self.last_id


HALF_HOUR_ZONE = datetime.timezone(datetime.timedelta(hours=5, minutes=30))

quirk("times-with-offsets", moment=lambda api, right: datetime.datetime.now(HALF_HOUR_ZONE).isoformat(timespec="milliseconds"))
quirk("no-info-and-handle", one=lambda api, right, channel: without(right(channel), "info_channel", "channel_handle"))
quirk("channels-have-more", one=lambda api, right, channel: {**right(channel), "verified": False, "tags": []})
quirk("json-is-pretty", text=lambda api, right, value, operation:
      json.dumps(value, indent=2, ensure_ascii=False).encode() + b"\n")
quirk("json-has-a-charset", media_type=lambda api, right, operation, status: "application/json; charset=utf-8")
quirk("request-ids-in-capitals", request_id=lambda api, right, operation, status: right(operation, status).upper())
quirk("wrong-methods-are-404", route=refused(lambda api, why, method, path: refuse(404, "not_found")))
# T6 is the mock's choice.
quirk("no-allow-with-405", route=refused(lambda api, why, method, path: refuse(why.status, why.error)))
quirk("a-slash-may-follow", route=lambda api, right, method, path: right(method, path.rstrip("/") or path))


@quirk()
class head_is_not_served:
    def route(self, method, path):
        if method == "HEAD":
            raise Refused(405, "method_not_allowed", Allow="GET")
        return super().route(method, path)


@quirk()
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


quirk("unknown-contact-is-403", contact=refused(lambda api, why, text, team, operation:
      refuse(*(403, "denied") if why.status == 404 else (why.status, why.error))))
quirk("errors-are-plain", error=lambda api, right, name: name)


@quirk()
class a_deleted_channel_leaves_a_gap:
    """Ids go up by two, and a deletion takes one of them."""

    def delete(self, contact, kind):
        self.new_id(contact)
        return super().delete(contact, kind)

    def new_id(self, contact):
        super().new_id(contact)
        return super().new_id(contact)

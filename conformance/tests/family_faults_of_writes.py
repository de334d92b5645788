"""What servers of family_server.py do otherwise when a channel is updated or deleted."""
import json
import urllib.parse

from family_faults_of_all import refuses_the_second_secret
from family_server import CONTACTS, Refused, choice, fault, quirk, refuse, without


def body_of(text):
    """The members of a body; {}: it has none."""
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


# --- update


def then(change):
    """An operation after whose end change(api, contact, arguments...) is done, too."""
    def method(api, right, contact, *given):
        answer = right(contact, *given)
        change(api, contact, *given)
        return answer
    return method


def set_all(channels, value):
    for channel in channels:
        channel["channel_id"] = value


fault("U1", "update-needs-a-known-type", update=lambda api, right, contact, kind, value:
      right(contact, kind, value) if kind in ("phone", "email", "facebook") else refuse(400))
fault("U1", "update-refuses-the-second-secret", token=refuses_the_second_secret("update", 403))


@fault("U1")
class update_takes_numbers:
    def values(self, headers, body, operation):
        value = body_of(body)
        if operation == "update" and isinstance(value.get("channel_id"), int):
            return value.get("channel_type"), str(value["channel_id"])
        return super().values(headers, body, operation)


@fault("U1")
class update_takes_half_a_body:
    def values(self, headers, body, operation):
        if operation == "update" and body.count(b'"') >= 7 and not body.endswith(b"}"):
            body = body.rstrip(b'"') + b'"}'
        return super().values(headers, body, operation)



@fault("U1")
class update_takes_any_body:
    def act(self, operation, parts, headers, body):
        try:
            return super().act(operation, parts, headers, body)
        except Refused as why:
            if operation != "update" or why.status not in (400, 415):
                raise
            return 200, self.shown(self.contact(parts[0], self.token(headers, operation), operation))


fault("U2", "update-changes-nothing", update=lambda api, right, contact, kind, value:
      (200, api.find(contact, kind) and api.shown(contact)))


@fault("U2")
class update_only_answers:
    def update(self, contact, kind, value):
        channel = self.find(contact, kind)
        before = channel["channel_id"]
        answer = super().update(contact, kind, value)
        channel["channel_id"] = before
        return answer


fault("U2", "update-creates", update=lambda api, right, contact, kind, value:
      (200, api.find(contact, kind) and api.add(contact, kind, value) and api.shown(contact)))
fault("U2", "update-changes-another-type", update=then(lambda api, contact, kind, value: set_all(
    [one for one in contact["channels"] if one["channel_type"] != kind and one["channel_type"].startswith("hm-")], value)))
fault("U2", "update-changes-other-contacts", update=then(lambda api, contact, kind, value: set_all(
    [channel for other in api.contacts.values() for channel in api.of_type(other, kind)], value)))
fault("U2", "update-changes-all-of-the-type", update=then(
    lambda api, contact, kind, value: set_all(api.of_type(contact, kind), value)))


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


fault("U2", "update-cuts-the-value", update=lambda api, right, contact, kind, value:
      right(contact, kind, value.encode("ascii", "ignore").decode()))


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
        return without(channel, "old")


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
            value = body_of(body).get("channel_id")
            if operation == "update" and isinstance(value, str) and value:
                self.add(self.contacts[CONTACTS["ada"][0]], "email", value)
            raise


# --- delete


def hide(api, right, contact, kind):
    api.find(contact, kind)["hidden"] = True
    return 200, "ok"


def unmarked(api, right, channel):
    return without(channel, "hidden")


fault("X1", "delete-removes-nothing", delete=lambda api, right, contact, kind: (200, api.find(contact, kind) and "ok"))


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


fault("X1", "delete-hides-from-get-alone", delete=hide, one=unmarked, of_type=lambda api, right, contact, kind:
      [channel for channel in right(contact, kind) if not channel.get("hidden")])
fault("X1", "delete-hides-from-lists-alone", delete=hide, one=unmarked, shown=lambda api, right, contact:
      [api.one(channel) for channel in contact["channels"] if not channel.get("hidden")])
fault("X1", "delete-takes-the-type-of-the-body", act=lambda api, right, operation, parts, headers, body: right(
    operation, (parts[0], urllib.parse.quote(body_of(body)["channel_type"], safe=""))
    if operation == "delete" and "channel_type" in body_of(body) else parts, headers, body))
fault("X1", "delete-refuses-the-second-secret", token=refuses_the_second_secret("delete", 403))
quirk("delete-refuses-a-body", act=lambda api, right, operation, parts, headers, body:
      refuse(400) if operation == "delete" and body else right(operation, parts, headers, body))


@choice("X1")
class ids_are_reused:
    def delete(self, contact, kind):
        self.free = getattr(self, "free", [])
        self.free.append(self.find(contact, kind)["id"])
        return super().delete(contact, kind)

    def new_id(self, contact):
        free = getattr(self, "free", [])
        return free.pop() if free else super().new_id(contact)


choice("X3", "second-deletion-succeeds", delete=lambda api, right, contact, kind:
       right(contact, kind) if api.of_type(contact, kind) else (200, "ok"))
fault("X1", "deletion-is-done-and-500", delete=then(lambda *_: refuse(500, "server_error")))

"""What servers of family_server.py do otherwise when a channel is updated or deleted."""
import json
import urllib.parse

from family_server import CONTACTS, SECRETS, Refused, choice, fault, quirk

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

"""The foreign server's other operations: get, list, update and delete a channel, and the inboxes [G U X L N]."""
import re
import urllib.parse

from foreign_switches import Refusal
from foreign_tokens import SECOND

CHANNEL = re.compile(r"/v2/contact/[^/]+/channel/([^/]+)")


class Family:
    """Part of the request handler."""

    def family(self, body):
        """Answers, if the path and the method are those of one of the operations; True: it did."""
        path = self.path.partition("?")[0]
        one = CHANNEL.fullmatch(path)
        operation = None
        if one and self.command in ("GET", "HEAD", "DELETE"):
            operation = self.delete if self.command == "DELETE" else self.get
        elif path.endswith("/channels") and path.startswith("/v2/contact/") and self.command in ("GET", "HEAD"):
            operation = self.list
        elif self.is_create() and self.command == "PUT":
            operation = self.update
        elif path == "/v1/inboxes" and self.command in ("GET", "HEAD"):
            operation = self.inboxes
        if operation is None or self.has("no-family") or self.has("no-" + operation.__name__):
            return False
        kind = urllib.parse.unquote(one[1], errors="replace") if one else None
        try:
            team = self.team()
        except Refusal:
            self.though_refused(operation, kind)
            if not self.has(operation.__name__ + "-open"):
                raise
            team = 31
        if self.has("inboxes-refuse-second") and operation == self.inboxes and self.secret == SECOND:
            raise Refusal(401)
        with self.server.lock:
            self.answer(*operation(team, kind, body))
        return True

    def though_refused(self, operation, kind):
        """A fault that deletes what it answers with 401."""
        if self.has("deleted-though-401") and operation == self.delete:
            for contact in self.server.contacts.values():
                contact["channels"][:] = [c for c in contact["channels"] if c["channel_type"] != kind]

    def found(self, contact, kind):
        """The channel that is meant: the newest of the type."""
        if self.has("type-by-prefix"):
            of_type = [c for c in contact["channels"] if c["channel_type"].startswith(kind[:-1])]
        else:
            of_type = [c for c in contact["channels"] if c["channel_type"] == kind]
        if not of_type:
            raise Refusal(400 if self.has("absent-400") else 404)
        return of_type[0 if self.has("oldest-of-type") else -1]

    def get(self, team, kind, _):
        contact = self.contact(team)
        if self.has("get-of-any-contact"):
            contact = next((c for c in self.server.contacts.values()
                            if any(one["channel_type"] == kind for one in c["channels"])), contact)
        channel = self.found(contact, kind)
        if self.has("get-first"):
            channel = contact["channels"][0]
        shown = self.member_faults(dict(channel), 0, False)
        if self.has("get-list"):
            return 200, [shown]
        if self.has("get-without-team"):
            del shown["team_id"]
        return 200, shown

    def list(self, team, *_):
        contact = self.contact(team)
        return 200, self.shaped(contact, list(contact["channels"]), None)

    def update(self, team, _, body):
        contact = self.contact(team)
        try:
            kind, value = self.values(body)
        except Refusal:
            if self.has("update-any-body"):
                return 200, self.shaped(contact, list(contact["channels"]), None)
            raise
        if self.has("update-creates"):
            self.server.add(contact, kind, value)
            return 200, self.shaped(contact, list(contact["channels"]), None)
        channel = self.found(contact, kind)
        if self.has("update-all"):
            for other in contact["channels"]:
                other["channel_id"] = value
        if not self.has("update-ignored"):
            channel["channel_id"], channel["updated"] = value, self.server.moment()
        if self.has("update-answers-channel"):
            return 200, self.member_faults(dict(channel), 0, False)
        shown = self.shaped(contact, [dict(c) for c in contact["channels"]], None)
        if self.has("update-answers-only"):
            channel["channel_id"] = "lost@example.com"
        return 200, shown

    def delete(self, team, kind, _):
        contact = self.contact(team)
        channel = self.found(contact, kind)
        if self.has("delete-all"):
            contact["channels"].clear()
        elif not self.has("delete-ignored"):
            contact["channels"].remove(channel)
        if self.has("delete-everywhere"):
            for other in self.server.contacts.values():
                other["channels"][:] = [c for c in other["channels"] if c["channel_type"] != kind]
        return (204, "") if self.has("delete-204") else (200, "ok")

    def inboxes(self, team, *_):
        inbox = {"id": 71, "name": "Front desk", "team": team, "members": [5, 6], "phones": ["14155550142"]}
        for name, member, value in [("inbox-id-text", "id", "71"), ("inbox-name-null", "name", None),
                                    ("inbox-members-names", "members", ["Ada"]), ("inbox-phones-text", "phones", "1")]:
            if self.has(name):
                inbox[member] = value
        return 200, {"inboxes": [inbox]} if self.has("inboxes-object") else [inbox]

"""The foreign server's other operations: get, list, update and delete a channel, and the inboxes [G U X L N], without
faults of their own: those are in family_faults_of_*.py."""
import re
import urllib.parse

from foreign_switches import Refusal

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
        if operation is None or self.has("no-family"):
            return False
        kind = urllib.parse.unquote(one[1], errors="replace") if one else None
        team = self.team()
        with self.server.lock:
            self.answer(*operation(team, kind, body))
        return True

    def found(self, contact, kind):
        """The channel that is meant: the newest of the type."""
        of_type = [c for c in contact["channels"] if c["channel_type"] == kind]
        if not of_type:
            raise Refusal(404)
        return of_type[-1]

    def get(self, team, kind, _):
        return 200, self.member_faults(dict(self.found(self.contact(team), kind)), 0, False)

    def list(self, team, *_):
        contact = self.contact(team)
        return 200, self.shaped(contact, list(contact["channels"]), None)

    def update(self, team, _, body):
        contact = self.contact(team)
        kind, value = self.values(body)
        channel = self.found(contact, kind)
        channel["channel_id"], channel["updated"] = value, self.server.moment()
        return 200, self.shaped(contact, [dict(c) for c in contact["channels"]], None)

    def delete(self, team, kind, _):
        contact = self.contact(team)
        contact["channels"].remove(self.found(contact, kind))
        return 200, "ok"

    def inboxes(self, team, *_):
        return 200, [{"id": 71, "name": "Front desk", "team": team, "members": [5, 6], "phones": ["14155550142"]}]

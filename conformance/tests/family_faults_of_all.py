"""What servers of family_server.py do otherwise in several operations."""
import urllib.parse

from family_server import LIFE_S, SECRETS, Refused, fault

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

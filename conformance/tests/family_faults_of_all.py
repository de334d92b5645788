"""What servers of family_server.py do otherwise in several operations."""
import urllib.parse

from family_server import LIFE_S, SECRETS, Refused, fault, refused, unbase64

# --- tokens and contacts, where one operation forgets them


def claims_of(headers):
    try:
        return unbase64(headers.get("Authorization", "").split(".")[1]).decode()
    except (ValueError, IndexError):
        return ""


def again(why):
    raise why


def refuses_the_second_secret(operation, status):
    def token(_, right, headers, of):
        team = right(headers, of)
        if of == operation and SECRETS["second"][0] in claims_of(headers):
            raise Refused(status)
        return team
    return token


for clause, name, operation in (("E2", "get-needs-no-token", "get"), ("E2", "list-needs-no-token", "list"),
                                ("E2", "update-needs-no-token", "update"), ("E2", "delete-needs-no-token", "delete"),
                                ("N2", "inboxes-need-no-token", "inboxes")):
    fault(clause, name, token=refused(lambda api, why, headers, of, open=operation: 11 if of == open else again(why)))


@fault("E2")
class deleted_and_refused:
    """A deletion with a wrong token gets 401, and is done."""

    def act(self, operation, parts, headers, body):
        try:
            return super().act(operation, parts, headers, body)
        except Refused as why:
            if why.status == 401 and operation == "delete":
                for contact in self.contacts.values():
                    contact["channels"][:] = [one for one in contact["channels"] if one["channel_type"] != self.kind(parts[1])]
            raise


class Outlived:
    """The operations `outlived` take a token that has expired."""

    def token(self, headers, operation):
        self.operation = operation
        return super().token(headers, operation)

    def check_times(self, said, now):
        super().check_times(said, min(now, said["iat"] + LIFE_S - 1) if self.operation in self.outlived else now)


@fault("E2")
class reads_outlive_the_token(Outlived):
    outlived = "get", "list"


@fault("N2")
class inboxes_outlive_the_token(Outlived):
    outlived = "inboxes",


fault("N2", "inboxes-answer-401-to-the-second-secret", token=refuses_the_second_secret("inboxes", 401))

for operation in "get", "list", "update", "delete":
    fault("J11", operation + "-of-another-teams-contact", contact=refused(
        lambda api, why, text, team, of, open=operation:
        api.contacts[urllib.parse.unquote(text).lower()] if why.status == 403 and of == open else again(why)))


def near(operation):
    """The operation does not compare the last digit of the contact's UUID."""
    def contact(api, right, text, team, of):
        known = next((one for one in api.contacts if one[:-1] == text.lower()[:-1]), text)
        return right(known if of == operation and text.lower() not in api.contacts else text, team, of)
    return contact


fault("T3", "get-of-a-near-contact", contact=near("get"))
fault("T3", "update-of-a-near-contact", contact=near("update"))
fault("G1", "delete-of-a-near-contact", contact=near("delete"))
fault("J11", "stranger-is-404", contact=refused(
    lambda api, why, text, team, of: again(Refused(404) if why.status == 403 and of in ("get", "delete") else why)))

"""Mail by the standard library: where the server is, and one letter at a time; what letters say, and when, is others'."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

PATIENCE = 20.0
PORTS = {"smtp": 587, "smtps": 465}


class MailUrlWrong(ValueError):
    """The address of the mail server cannot be worked with."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter in plain text to one person."""

    to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Post:
    """A mail server, read from smtp://user:password@host:port?from=address (smtps:// speaks TLS from the first byte)."""

    host: str
    port: int
    user: str
    password: str
    sender: str
    is_tls: bool

    @classmethod
    def at(cls, url: str) -> Self:
        """Read an address; `from` falls back to the user, where that is an address. Raises MailUrlWrong."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise MailUrlWrong("this is no address") from error
        if parts.scheme not in PORTS or not host:
            raise MailUrlWrong("expected smtp://user:password@host:port?from=belajar@kota.example")
        user = unquote(parts.username or "")
        sender = parse_qs(parts.query).get("from", [user])[0]
        if "@" not in sender or not sender.isascii() or not sender.isprintable():
            raise MailUrlWrong("it does not say from whom letters come: add ?from=belajar@kota.example")
        is_tls = parts.scheme == "smtps"
        return cls(host, port or PORTS[parts.scheme], user, unquote(parts.password or ""), sender, is_tls)

    def send(self, letter: Letter) -> None:
        """Hand a letter over; a server that offers STARTTLS is spoken to by it. Raises OSError (smtplib's errors are).

        A password goes over an encrypted line alone, or to this very machine.
        """
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, letter.to, letter.subject
        message["Date"], message["Message-ID"] = (
            formatdate(localtime=False),
            make_msgid(domain=self.sender.partition("@")[2]),
        )
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        with self._connected() as server:
            if self.user:
                server.login(self.user, self.password)
            server.send_message(message)

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.is_tls:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=PATIENCE, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=PATIENCE)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        elif self.user and self.host not in ("127.0.0.1", "::1", "localhost"):
            server.close()
            raise smtplib.SMTPNotSupportedError("the server offers no STARTTLS, so no password is sent to it")
        return server

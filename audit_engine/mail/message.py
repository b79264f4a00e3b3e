"""What does a message look like as plain text and as HTML, with the headers that automatic mail must carry?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from textwrap import fill

from audit_engine.mail.settings import MailSettings

# Every relay carries seven bits; nothing is then converted on the way.
POLICY = SMTP.clone(cte_type="7bit")
LINE = 78


@dataclass(frozen=True, slots=True)
class Letter:
    """A message before it has a sender; a paragraph that starts with http:// or https:// becomes a link.

    ``message_id`` stands in angle brackets.  ``stop`` is the address of the page
    on which to ask for no more messages, '' where there is none.
    """

    to: str
    subject: str
    paragraphs: tuple[str, ...]
    message_id: str
    stop: str = ""


def compose(letter: Letter, settings: MailSettings, at: datetime) -> EmailMessage:
    """Return the message to hand over."""
    message = EmailMessage(POLICY)
    message["From"] = Address(settings.sender_name, addr_spec=settings.sender)
    message["To"] = Address(addr_spec=letter.to)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"  # Exchange and Outlook answer automatic mail otherwise
    if settings.reply_to:
        message["Reply-To"] = settings.reply_to
    if letter.stop:
        message["List-Unsubscribe"] = f"<{letter.stop}>"
    paragraphs = (*letter.paragraphs, *_ending(letter))
    message.set_content("\n\n".join(_plain(p) for p in paragraphs) + "\n")
    message.add_alternative(_html(letter.subject, paragraphs), subtype="html")
    return message


def _ending(letter: Letter) -> tuple[str, ...]:
    return ("If you want no more messages like this, say so on this page:", letter.stop) if letter.stop else ()


def _is_link(paragraph: str) -> bool:
    return paragraph.startswith(("https://", "http://")) and not any(c.isspace() for c in paragraph)


def _plain(paragraph: str) -> str:
    if _is_link(paragraph):
        return paragraph
    lines = (fill(line, LINE, break_long_words=False, break_on_hyphens=False) for line in paragraph.splitlines())
    return "\n".join(lines)


def _html(subject: str, paragraphs: tuple[str, ...]) -> str:
    body = "\n".join(f"<p>{_marked_up(p)}</p>" for p in paragraphs)
    return (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        f"<title>{escape(subject)}</title></head>\n<body>\n{body}\n</body></html>\n"
    )


def _marked_up(paragraph: str) -> str:
    text = escape(paragraph)
    return f'<a href="{text}">{text}</a>' if _is_link(paragraph) else text.replace("\n", "<br>\n")

"""What the exam room says, for its script; the script fills in {places} and never makes up a sentence of its own."""

from flask_babel import gettext as _


def room_words() -> dict[str, str]:
    """Every sentence by name, in the language of the request."""
    return {
        "saved": _("Stored at {time}"),
        "allSaved": _("Everything is stored"),
        "nothing": _("Nothing to store yet"),
        "sending": _("Storing …"),
        "device": _("On this device ({count} not sent yet)"),
        "memory": _("Only in this page ({count} not sent yet): do not close it"),
        "retry": _("{count} not sent yet; trying again"),
        "stopped": _("Not sending ({count} on this device)"),
        "refused": _("Item {slots} was not accepted; choose again"),
        "opening": _("Opening the exam …"),
        "offline": _(
            "Connection lost. Your answers are stored on this phone. Go on working; they are sent by themselves "
            "when you are connected again."
        ),
        "offlineMemory": _(
            "Connection lost. This browser cannot keep answers for long: leave this page open until they are sent."
        ),
        "offlineLong": _(
            "{minutes} minutes without a connection. {count} answers are safe on this phone. Do not delete the "
            "browser's data. Ask the invigilator if you need to."
        ),
        "back": _("Connected again. {count} answers sent."),
        "backNone": _("Connected again. Everything is stored."),
        "conflict": _("Item {slots}: another device stored a later answer; it is shown here, and counts."),
        "left": _("{time} left"),
        "ends": _("Ends at {time}"),
        "timeHidden": _("Time hidden"),
        "hideTime": _("Hide the time"),
        "showTime": _("Show the time"),
        "up": _("Time is up"),
        "upSafe": _("Time is up. What was stored in time is marked."),
        "upUnsent": _(
            "Time was up while you were without a connection. {count} answers are sent now and kept as late answers; "
            "the committee decides on them."
        ),
        "half": _("Half of the time is over."),
        "minutesLeft": _("{minutes} minutes left. {blank} items without an answer."),
        "added": _("You have {minutes} more minutes. Ends at {time}."),
        "item": _("Item {number} of {all}"),
        "chooseOne": _("Choose one."),
        "chooseMany": _("Choose all that are right."),
        "chooseWeighted": _("Choose what you find best: each option earns 1 to 5 points, left blank it earns 0."),
        "clear": _("Clear the answer"),
        "doubt": _("In doubt"),
        "undoubt": _("No longer in doubt"),
        "previous": _("Previous"),
        "next": _("Next"),
        "toReview": _("Check and hand in"),
        "list": _("List of items"),
        "counts": _("Answered {done} · In doubt {doubt} · Empty {blank} · Not sent {unsent}"),
        "unseen": _("not opened"),
        "seen": _("opened, no answer"),
        "answeredSaved": _("answered, stored"),
        "answeredDevice": _("answered, on this device"),
        "doubted": _("in doubt"),
        "cell": _("Item {number}, {state}"),
        "reviewDone": _("{done} of {all} items are answered."),
        "reviewBlank": _("Without an answer: "),
        "reviewDoubt": _("Still in doubt: "),
        "reviewUnsent": _("{count} answers are not sent yet. Handing in waits for them."),
        "reviewAllSent": _("Every answer is stored on the server."),
        "confirm": _("Hand in? {blank} items are empty and {doubt} still in doubt."),
        "confirmYes": _("Yes, hand in"),
        "handIn": _("Hand in now"),
        "handingIn": _("Sending {count} answers first …"),
        "handingInNow": _("Handing in …"),
        "handInWaits": _(
            "Not handed in yet: there is no connection. Your answers are safe. Leave this page open: it hands in by "
            "itself as soon as you are connected. “Check again” stops this."
        ),
        "unsentNone": _("Every answer on this device has its receipt from the server."),
        "unsentList": _("Not sent yet: "),
        "receiptsTitle": _("Receipts"),
        "receipt": _("Item {slot}: stored at {time}, receipt {receipt}"),
        "movedDevice": _(
            "It was opened on another device. Nothing more is stored from here. Answers that were sent are all there; "
            "{count} are still on this device and are sent if you go on here."
        ),
        "movedDeviceAll": _(
            "It was opened on another device. Nothing more is stored from here. Answers that were sent are all there."
        ),
        "movedAsk": _("This exam is open on another device. Move to this device? Answers that were sent are all there."),
        "useDevice": _("Use this device"),
        "useTab": _("Use this tab"),
        "takeOverFailed": _("There is no connection now. Try again when you are connected."),
        "movedTab": _("It was opened in another tab of this browser. Go on there, or use this tab."),
        "notYoursTitle": _("This exam is not yours"),
        "notYoursText": _("It belongs to another person, or it does not exist. Sign in as yourself and open it again."),
        "closedTitle": _("This exam is closed"),
        "closedText": _("Your stored answers are safe and are marked."),
        "noPaperTitle": _("The exam cannot be opened now"),
        "noPaperText": _("There is no connection, and this device has not opened this exam before."),
        "signInFailed": _("NIP, e-mail address or password is not right. Nothing was lost."),
        "signInAway": _("There is no connection. Try again when you are connected."),
        "signInOther": _("You signed in as another person. Sign in as the person whose exam this is."),
        "secondFactor": _(
            "Your account asks for a second factor: sign in on the ordinary page in another tab, then come back here."
        ),
    }

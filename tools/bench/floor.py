"""The floor: a bare Flask application with hand-written SQL, doing of each operation what no product could leave out.

It has no session, no CSRF, no rules and no log; its tables lie in the product's own database.
"""

import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
from flask import Flask, Response, redirect, render_template, request

ITEMS = 30
TABLES = (
    "CREATE TABLE IF NOT EXISTS floor_attempts (id TEXT PRIMARY KEY, employee TEXT, state TEXT, score INTEGER)",
    "CREATE TABLE IF NOT EXISTS floor_slots (attempt TEXT, slot INTEGER, item TEXT, key TEXT, value TEXT,"
    " PRIMARY KEY (attempt, slot))",
    "CREATE TABLE IF NOT EXISTS floor_events (id TEXT PRIMARY KEY, attempt TEXT, slot INTEGER, value TEXT)",
    "CREATE TABLE IF NOT EXISTS floor_lessons (id INTEGER PRIMARY KEY, title TEXT, html TEXT)",
    "CREATE TABLE IF NOT EXISTS floor_certificates (code TEXT PRIMARY KEY, holder TEXT, course TEXT)",
)

app = Flask(__name__)
_url = os.environ.get("FLOOR_URL", "")
_mark = "?" if _url.startswith("sqlite") else "%s"
_here = threading.local()


def _connection() -> Any:
    if not hasattr(_here, "connection"):
        if _url.startswith("sqlite"):
            made: Any = sqlite3.connect(_url.removeprefix("sqlite:///"), isolation_level=None, timeout=5)
            for pragma in ("journal_mode=WAL", "synchronous=FULL"):
                made.execute(f"PRAGMA {pragma}")
        else:
            made = psycopg.connect(_url, autocommit=True)
        _here.connection = made
    return _here.connection


@contextmanager
def _transaction() -> Iterator[Any]:
    cursor = _connection().cursor()
    cursor.execute("BEGIN IMMEDIATE" if _mark == "?" else "BEGIN")
    try:
        yield cursor
        cursor.execute("COMMIT")
    except BaseException:
        cursor.execute("ROLLBACK")
        raise


def _sql(text: str) -> str:
    return text.replace("?", _mark)


def prepare(lesson_html: str) -> None:
    """Make the tables, one lesson with the text of a real one, and one certificate."""
    with _transaction() as cursor:
        for table in TABLES:
            cursor.execute(table)
        cursor.execute(_sql("INSERT INTO floor_lessons VALUES (1, ?, ?)"), ("Pelajaran", lesson_html))
        cursor.execute("INSERT INTO floor_certificates VALUES ('KODE', 'Nama Peserta', 'Kursus')")


@app.get("/healthz")
def health() -> str:
    """Whether it answers."""
    return "ok"


@app.post("/start/<employee>")
def start(employee: str) -> Any:
    """One attempt with its thirty places."""
    attempt = str(uuid4())
    with _transaction() as cursor:
        cursor.execute(_sql("INSERT INTO floor_attempts VALUES (?, ?, 'open', NULL)"), (attempt, employee))
        rows = [(attempt, slot, f"item-{slot}", "A", "") for slot in range(1, ITEMS + 1)]
        cursor.executemany(_sql("INSERT INTO floor_slots VALUES (?, ?, ?, ?, ?)"), rows)
    return redirect(f"/room/{attempt}")


@app.put("/save/<attempt>/<int:slot>")
def save(attempt: str, slot: int) -> Any:
    """One read, one event, one update."""
    value = json.dumps(request.get_json()["value"])
    with _transaction() as cursor:
        cursor.execute(_sql("SELECT employee, state FROM floor_attempts WHERE id = ?"), (attempt,))
        if cursor.fetchone() is None:
            return {"error": "not found"}, 404
        cursor.execute(_sql("INSERT INTO floor_events VALUES (?, ?, ?, ?)"), (str(uuid4()), attempt, slot, value))
        cursor.execute(_sql("UPDATE floor_slots SET value = ? WHERE attempt = ? AND slot = ?"), (value, attempt, slot))
    return {"slot": slot, "saved": True}


@app.post("/submit/<attempt>")
def submit(attempt: str) -> Any:
    """Read key and answers, mark, close."""
    with _transaction() as cursor:
        cursor.execute(_sql("SELECT key, value FROM floor_slots WHERE attempt = ?"), (attempt,))
        score = sum(json.loads(value or "[]") == [key] for key, value in cursor.fetchall())
        cursor.execute(_sql("UPDATE floor_attempts SET state = 'closed', score = ? WHERE id = ?"), (score, attempt))
    return {"next": f"/result/{attempt}"}


@app.get("/result/<attempt>")
def result(attempt: str) -> str:
    """The attempt and its thirty places on a page."""
    cursor = _connection().cursor()
    cursor.execute(_sql("SELECT state, score FROM floor_attempts WHERE id = ?"), (attempt,))
    state, score = cursor.fetchone()
    cursor.execute(_sql("SELECT slot, item, value FROM floor_slots WHERE attempt = ? ORDER BY slot"), (attempt,))
    return render_template("result.html", state=state, score=score, rows=cursor.fetchall())


@app.get("/lesson")
def lesson() -> str:
    """One lesson on a page."""
    cursor = _connection().cursor()
    cursor.execute("SELECT title, html FROM floor_lessons WHERE id = 1")
    title, html = cursor.fetchone()
    return render_template("lesson.html", title=title, html=html)


@app.get("/verify/<code>")
def verify(code: str) -> Response | str:
    """One certificate on a page."""
    cursor = _connection().cursor()
    cursor.execute(_sql("SELECT holder, course FROM floor_certificates WHERE code = ?"), (code,))
    holder, course = cursor.fetchone()
    return render_template("verify.html", holder=holder, course=course)

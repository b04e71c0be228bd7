"""What operators copy: the table of variables is what is read, the samples hold no secret and no right too many."""

import re
from pathlib import Path
from typing import Any

import machine
import pytest
import yaml

from elearn.config import Config

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
PAGE = ROOT / "docs" / "operations.md"
VARIABLE = re.compile(r"\b(?:ELEARN_[A-Z_]*[A-Z]|PROMETHEUS_MULTIPROC_DIR|FONTCONFIG_FILE|REQUIRE_ALL|TEST_DATABASE_URL)\b")
ROW = re.compile(r"^\| `([A-Z_]+)` \| (.+?) \| (.+) \|$", re.MULTILINE)
INTERNAL = {"ELEARN_STARTED", "ELEARN_PYTHON"}
HARDENED = {
    "User": "elearn",
    "UMask": "0077",
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "CapabilityBoundingSet": "",
    "RestrictNamespaces": "yes",
}


def read_in(*texts: str) -> set[str]:
    """The variables that some source names."""
    return {name for text in texts for name in VARIABLE.findall(text)}


def sources() -> list[str]:
    places = [*(ROOT / "elearn").rglob("*.py"), *(ROOT / "tools").glob("*.py"), ROOT / "tests" / "database.py"]
    places += [ROOT / "tests" / "conftest.py", ROOT / "tools" / "start.sh", ROOT / "wsgi.py"]
    return [path.read_text(encoding="utf-8") for path in places]


def documented() -> dict[str, str]:
    """Each variable of the table, and what it is unless given."""
    return {found[1]: found[2] for found in ROW.finditer(PAGE.read_text(encoding="utf-8"))}


def compose() -> Any:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))


def test_the_table_of_variables_is_what_is_read() -> None:
    assert set(documented()) | INTERNAL == read_in(*sources())
    assert "ELEARN_NEW" in read_in(*sources(), 'os.environ.get("ELEARN_NEW")'), "negative control: a new one is seen"


def test_the_table_says_what_holds_unless_something_is_given(tmp_path: Path) -> None:
    config = Config.from_environment({"ELEARN_VAR": str(tmp_path)})
    said = documented()

    assert config.database_url == f"sqlite:///{tmp_path}/{said['ELEARN_DATABASE_URL'].split('`')[1]}"
    assert config.queue_url == f"sqlite:///{tmp_path}/{said['ELEARN_QUEUE_URL'].split('`')[1]}"
    assert config.metrics_dir == tmp_path / said["PROMETHEUS_MULTIPROC_DIR"].split("`")[1]
    assert (tmp_path / said["ELEARN_SECRET_KEY"].split("`")[1]).read_text() == config.secret_key
    assert f"`{config.listen_url}`" == said["ELEARN_LISTEN_URL"]
    assert f"`{config.trusted_proxies}`" == said["ELEARN_TRUSTED_PROXIES"]
    assert [said[name] for name in ("ELEARN_DEMO", "ELEARN_STYLEGUIDE", "ELEARN_PDF")] == ["`0`", "`0`", "`on`"]
    assert (config.demo, config.styleguide, config.pdf) == (False, False, True)
    assert [said[name] for name in ("ELEARN_MAIL_URL", "ELEARN_METRICS")] == ["none", "none"]
    assert (config.mail_url, config.metrics) == (None, None)


def test_no_sample_names_a_variable_that_nobody_reads() -> None:
    samples = [path.read_text(encoding="utf-8") for path in DEPLOY.rglob("*") if path.is_file()]

    assert read_in(*samples) - {"ELEARN_DB_PASSWORD"} <= set(documented())


def test_every_link_of_the_page_leads_somewhere() -> None:
    text = PAGE.read_text(encoding="utf-8")
    anchors = {
        re.sub(r"[^a-z0-9 -]", "", it.lower()).replace(" ", "-") for it in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }
    found = re.findall(r"\]\(([^)]+)\)", text)

    assert len(found) > 10
    assert [it for it in found if it.startswith("#") and it[1:] not in anchors] == []
    assert [it for it in found if not it.startswith(("#", "http")) and not (PAGE.parent / it.split("#")[0]).exists()] == []


def test_containers_have_no_secret_no_root_and_a_health_check() -> None:
    services = compose()["services"]
    ours = {name: it for name, it in services.items() if it["image"] == "elearn"}

    assert set(ours) == {"prepare", "web", "worker", "metrics"}
    assert set(services) - set(ours) == {"db", "queue"}
    for name, service in services.items():
        assert "healthcheck" in service or name == "web", f"{name}: the image's own is the web server's"
        assert not service.get("privileged")
        assert [it for it in service.get("ports", []) if not it.startswith("127.0.0.1:")] == []
        secrets = [it for key, it in service["environment"].items() if "PASSWORD" in key] if "environment" in service else []
        assert all(re.fullmatch(r"\$\{\w+:\?[^}]+\}", it) for it in secrets)
    for service in ours.values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert "data:/data" in service["volumes"]
        assert re.search(r"://\w+:(?!\$\{)", service["environment"]["ELEARN_DATABASE_URL"]) is None
    mounted = {it.split(":")[0] for service in services.values() for it in service.get("volumes", [])}
    assert mounted == set(compose()["volumes"])


def test_the_image_is_made_of_the_lock_and_runs_as_nobody_in_particular() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    last = text[text.rindex("\nFROM ") :]

    assert re.search(r"pip install .*--no-deps --require-hashes --only-binary=:all:\s+--requirement requirements.lock", text)
    assert set(machine.PANGO.values()) <= set(re.search(r"apt-get install (.+?)&&", last)[1].split())  # type: ignore[index]
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert "HEALTHCHECK" in last
    assert "nodejs" not in last
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE)
    kept = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert [it for line in copied for it in line.split() if f"!{it}" not in kept] == []
    assert [it for line in copied for it in line.split() if not (ROOT / it).exists()] == []


@pytest.mark.parametrize("path", sorted((DEPLOY / "systemd").glob("*.service")), ids=lambda it: it.name)
def test_services_run_without_rights(path: Path) -> None:
    lines = [it.split("=", 1) for it in path.read_text(encoding="utf-8").splitlines() if "=" in it and it[0] != "#"]
    settings = dict(lines)

    assert {name: settings.get(name) for name in HARDENED} == HARDENED
    for name, command in lines:
        if name.startswith("Exec"):
            assert command.startswith("/srv/elearn/.venv/bin/")
            scripts = re.findall(r"tools/\w+\.py", command)
            assert [it for it in scripts if not (ROOT / it).exists()] == []


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf"])
def test_proxies_log_nobody_and_let_the_largest_file_through(name: str) -> None:
    from elearn.certs.views.public import MAX_FILE

    text = (DEPLOY / name).read_text(encoding="utf-8")
    largest = re.search(r"(?:client_max_body_size|max_size) (\d+)(?:m|MB)", text)

    assert largest is not None
    assert int(largest[1]) * 1_000_000 > MAX_FILE
    assert not re.search(r"log_format .*\$(remote_addr|request\b|request_uri|uri|args|http_referer|remote_user)", text)

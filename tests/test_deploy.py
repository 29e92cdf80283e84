"""What is handed to whoever runs a portal fits together: template, units, containers, and the words about them."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from core.settings import Settings
from tools.run import in_the_open

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
BLANK = re.compile(r"\$\{([A-Z_0-9]+)[^}]*\}")


def read(name: str) -> str:
    return (DEPLOY / name).read_text("utf-8")


def blanks(text: str) -> set[str]:
    return set(BLANK.findall(text))


def test_each_blank_of_the_template_is_filled_in_by_the_containers_and_by_the_command_in_the_document():
    wanted = blanks(read("nginx.conf"))
    front = read("compose.yaml").partition("\n  front:\n")[2].partition("\nnetworks:")[0]
    assert wanted == set(re.findall(r"^      ([A-Z_0-9]+):", front, re.MULTILINE))
    command = re.search(
        r"\nPUBLIC_NAME=.*?< deploy/nginx\.conf", (ROOT / "docs" / "deploy.md").read_text("utf-8"), re.DOTALL
    )
    assert command
    assert wanted == set(re.findall(r"([A-Z_0-9]+)=", command[0])) == set(re.findall(r"\$([A-Z_0-9]+)", command[0]))


def test_the_containers_ask_for_what_their_file_of_settings_has():
    assert blanks(read("compose.yaml")) == set(re.findall(r"^([A-Z_]+)=", read("compose.env"), re.MULTILINE))


def test_no_secret_is_handed_out():
    assert re.findall(r"^(?:COOKIE_SECRET|\w*PASSWORD)=(.+)", read("compose.env"), re.MULTILINE) == []


def test_the_address_that_the_containers_believe_is_that_of_the_server_in_front():
    compose = read("compose.yaml")
    trusted = re.search(r"SAYSO_TRUSTED_PROXIES: (\S+)", compose)
    front = re.search(r"\n  front:\n.*?ipv4_address: ([\d.]+)", compose, re.DOTALL)
    assert trusted
    assert front
    assert trusted[1] == front[1]


def test_each_replica_of_the_target_has_its_settings_and_says_its_face():
    for name in re.findall(r"sayso@([\w-]+)\.service", read("sayso.target")):
        settings = dict(re.findall(r"^(\w+)=(.*)", read(f"{name}.env"), re.MULTILINE))
        assert Settings.model_validate({"face": settings.get("SAYSO_FACE", name)}).face in {"client", "staff"}
        assert settings["NAME"]
    ports = [
        re.search(r"^PORT=(\d+)", read(f"{name}.env"), re.MULTILINE)[1] for name in ("client", "client-2", "staff")
    ]
    assert len(set(ports)) == 3


def test_the_image_holds_what_the_portal_starts_from():
    copied = re.findall(r"^COPY (\S+)", read("Dockerfile"), re.MULTILINE)
    assert [path for path in copied if not (ROOT / path).exists()] == []
    assert {".streamlit", "core", "pages", "tools", "portal.py"} <= set(copied)


@pytest.mark.parametrize("directive", ["access_log off", "error_log /dev/null crit"])
def test_the_server_in_front_writes_down_no_address(directive):
    servers = re.findall(r"^server \{\n(.*?)^\}", read("nginx.conf"), re.MULTILINE | re.DOTALL)
    passing = [one for one in servers if "proxy_pass" in one]
    assert len(passing) == 2
    assert all(directive in one for one in passing)


def test_a_command_on_the_server_runs_as_the_portal_does():
    command, unit = read("sayso"), read("sayso@.service")
    for told in ("User", "Group"):
        value = re.search(rf"^{told}=(.+)", unit, re.MULTILINE)
        assert value
        assert f"--{told[0].lower()}id={value[1]}" in command
    data = re.search(r"SAYSO_DATA=(\S+)", unit)
    assert data
    assert f"SAYSO_DATA={data[1]}" in command
    for file in re.findall(r"^EnvironmentFile=(.+)", unit, re.MULTILINE):
        assert f"EnvironmentFile={file}".replace("%i", "$face") in command
    assert subprocess.run(["/bin/sh", "-n", DEPLOY / "sayso"], check=False).returncode == 0


# --- containers: what was relied on when they were run ------------------------------------------------------


def part(name: str) -> str:
    """The lines of one service, or of one template that services are made from (``x-…``)."""
    found = re.search(
        rf"^(?P<in>(?:  )?){re.escape(name)}:.*\n((?:(?P=in)  .*\n|\n)*)", read("compose.yaml"), re.MULTILINE
    )
    assert found
    return "\n".join(line for line in found[2].splitlines() if not line.lstrip().startswith("#"))


def services() -> list[str]:
    listed = read("compose.yaml").partition("\nservices:\n")[2].partition("\nnetworks:")[0]
    return re.findall(r"^  ([\w-]+):$", listed, re.MULTILINE)


def test_the_portal_is_built_once_under_a_name_that_no_registry_has():
    assert [name for name in services() if "build:" in part(name)] == ["staff"]
    assert "build:" not in part("x-portal") + part("x-client") + part("x-command")
    assert "  image: localhost/sayso" in part("x-portal").splitlines()
    made = {name for name in services() if "image:" not in part(name)}
    assert made == {"staff", "client-1", "client-2", "sayso", "backup"}


def test_a_command_starts_only_when_called_with_what_the_staff_face_has_and_no_fixed_address():
    template = part("x-command")
    assert "<<: *portal" in template
    assert "profiles: [tools]" in template
    assert 'restart: "no"' in template
    # It is called while the staff face runs, which has its address.
    assert "networks: [inside]" in template
    assert '"staff:/data", "./backups:/backups"' in template
    assert 'volumes: ["staff:/data"]' in part("staff")
    assert "environment: &staff" in part("staff")
    assert [name for name in services() if "*command" in part(name)] == ["sayso", "backup"]
    assert "environment: *staff" in part("sayso")
    assert "<<: *staff" in part("backup")
    assert "entrypoint: [.venv/bin/python, -m, core]" in part("sayso")
    assert "KEY: ${BACKUP_KEY:-}" in part("backup")


def test_a_backup_gets_a_name_of_its_own_and_the_key_of_the_settings(tmp_path):
    command = re.search(r"command: \['(.+)'\]", part("backup"))
    assert command
    said = command[1].replace("$$", "$").replace("exec .venv/bin/python -m core", "echo")
    done = subprocess.run(["/bin/sh", "-c", said], env={"KEY": "a-key"}, capture_output=True, text=True, check=True)
    assert re.fullmatch(r"backup --to a-key --out /backups/\d{4}-\d\d-\d\d-\d{6}\.backup\n", done.stdout)


def test_the_portal_and_the_database_are_in_a_network_that_leads_nowhere():
    networks = read("compose.yaml").partition("\nnetworks:\n")[2]
    assert "internal: true" in networks.partition("  outside:")[0]
    assert [name for name in services() if "outside" in part(name)] == ["front"]


def test_doctor_finds_the_public_address_where_nothing_outside_is_reached():
    assert re.search(r"inside: \{ipv4_address: [\d.]+, aliases: \[\"\$\{PUBLIC_NAME:\?\}\"\]\}", part("front"))


def test_a_container_behind_the_proxy_says_nothing_of_an_open_network(monkeypatch):
    trusted = re.search(r"SAYSO_TRUSTED_PROXIES: (\S+)", part("x-both"))
    assert trusted
    monkeypatch.setenv("SAYSO_TRUSTED_PROXIES", trusted[1])
    assert in_the_open("0.0.0.0", Settings()) == ""
    monkeypatch.delenv("SAYSO_TRUSTED_PROXIES")
    assert "nothing is encrypted" in in_the_open("0.0.0.0", Settings())
    assert in_the_open("127.0.0.1", Settings()) == ""


def test_the_database_writes_no_row_into_its_log():
    assert "-c, log_error_verbosity=terse, -c, log_min_error_statement=panic" in part("database")


def test_the_number_of_the_user_is_the_one_that_the_document_makes_folders_for():
    number = re.search(r"useradd .*--uid (\d+)", read("Dockerfile"))
    assert number
    folders = re.findall(r"install -d .*-o (\d+).* backups", (ROOT / "docs" / "deploy.md").read_text("utf-8"))
    assert folders == [number[1]]


def test_who_builds_the_image_is_given_only_what_it_copies():
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    copied = re.findall(r"^COPY (\S+)", read("Dockerfile"), re.MULTILINE)
    assert "*" in lines
    assert {line.removeprefix("!") for line in lines if line.startswith("!")} == {Path(one).name for one in copied}
    for secret in ("deploy/.env", "deploy/certificates/", "deploy/backups/", "deploy/compose.override.yaml", "data/"):
        assert secret in (ROOT / ".gitignore").read_text("utf-8").splitlines()


@pytest.mark.parametrize("name", ["sayso-containers", "sayso"])
def test_a_wrapper_is_a_program_of_the_shell(name):
    assert os.access(DEPLOY / name, os.X_OK)
    subprocess.run(["/bin/sh", "-n", DEPLOY / name], check=True)


def test_the_wrapper_hands_everything_to_the_service_that_there_is(tmp_path):
    said = tmp_path / "said"
    (tmp_path / "compose").write_text(f'#!/bin/sh\npwd > {said}\nprintf "%s\\n" "$@" >> {said}\n')
    (tmp_path / "compose").chmod(0o755)
    (tmp_path / "sayso").symlink_to(DEPLOY / "sayso-containers")
    environment = {**os.environ, "COMPOSE": str(tmp_path / "compose")}
    asked = [tmp_path / "sayso", "audit", "verify", "--head", "a b"]
    subprocess.run(asked, env=environment, check=True, stdin=subprocess.DEVNULL)
    where, *words = said.read_text("utf-8").splitlines()
    assert Path(where) == DEPLOY
    assert words == ["--profile", "tools", "run", "--rm", "-T", "sayso", "audit", "verify", "--head", "a b"]
    assert words[5] in services()


def test_the_timer_calls_the_service_that_makes_a_backup():
    command = re.search(r"^ExecStart=\S+ compose (.+)", read("sayso-backup-containers.service"), re.MULTILINE)
    assert command
    assert command[1].split()[-1] in services()
    assert "-T" in command[1].split()

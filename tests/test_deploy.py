"""What is handed to whoever runs a portal fits together: template, units, containers, and the words about them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from core.settings import Settings

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

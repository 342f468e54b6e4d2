#!/usr/bin/env bash
# Lets the official Python MCP client take a job from backlog to done, in both eras of the protocol.
# Needs the built program; makes a throw-away set-up and a virtual environment below target/.
set -euo pipefail
cd "$(dirname "$0")/../.."
bin="${SPRINTGATE_BIN:-${CARGO_TARGET_DIR:-target}/debug/sprintgate}"
case "$bin" in /*) ;; *) bin="$PWD/$bin" ;; esac
[ -x "$bin" ] || { echo "no program at $bin; cargo build makes it" >&2; exit 1; }

venv="$PWD/target/python-mcp"
if ! "$venv/bin/python" -c 'import mcp' 2>/dev/null; then
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
    || { echo "the Python MCP client needs Python 3.11 or newer" >&2; exit 1; }
  python3 -m venv "$venv"
  "$venv/bin/pip" install -q --disable-pip-version-check 'mcp==2.3.*'
fi

for mode in legacy 2026-07-28; do
  at="$(mktemp -d)"
  trap 'rm -rf "$at"' EXIT
  export HOME="$at/home" SPRINTGATE_CONFIG="$at/config.toml"
  mkdir -p "$HOME"
  export GIT_CONFIG_GLOBAL="$at/gitconfig" GIT_CONFIG_NOSYSTEM=1
  git config --global user.name tester
  git config --global user.email tester@example.org
  git config --global init.defaultBranch main
  git init -q --bare "$at/shop.git"
  git clone -q "$at/shop.git" "$at/shop" 2>/dev/null
  (cd "$at/shop" && git checkout -q -b main && mkdir -p src && echo one > src/a.rs && git add -A && git commit -qm first && git push -q origin main)
  "$bin" init --user tester > "$at/init.log"
  "$bin" product add shop --repo-url "$at/shop.git" --clone "$at/shop" > /dev/null
  echo "-- $mode"
  SPRINTGATE_BIN="$bin" SPRINTGATE_PRODUCT=shop MCP_MODE="$mode" "$venv/bin/python" tests/mcp/client.py
  "$bin" audit verify
  rm -rf "$at"
done

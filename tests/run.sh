#!/usr/bin/env bash
# The test command: builds, lints and tests everything, from a fresh clone on a bare Debian machine.
# It installs what is missing (needs root or sudo for that), and leaves nothing running.
set -euo pipefail
cd "$(dirname "$0")/.."

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

need=()
{ command -v cc && command -v c++; } >/dev/null || need+=(build-essential)
command -v git >/dev/null || need+=(git)
command -v sqlite3 >/dev/null || need+=(sqlite3)
command -v python3 >/dev/null || need+=(python3)
python3 -c 'import venv, ensurepip' 2>/dev/null || need+=(python3-venv)
{ command -v postgres || compgen -G '/usr/lib/postgresql/*/bin/postgres'; } >/dev/null || need+=(postgresql)
command -v openssl >/dev/null || need+=(openssl)
if [ "${#need[@]}" -gt 0 ]; then
  echo "installing: ${need[*]}"
  as_root apt-get update -q
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${need[@]}"
fi
if ! command -v cargo >/dev/null; then
  echo "Rust is missing. Install the toolchain that rust-toolchain.toml names (https://rustup.rs), then run this again." >&2
  exit 1
fi
if ! command -v cargo-nextest >/dev/null; then
  echo "installing cargo-nextest"
  cargo install cargo-nextest --locked
fi

export CARGO_TERM_COLOR=never INSTA_UPDATE=no
export PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
# What makes a second build faster makes the first one slower.
[ -d target ] || export CARGO_INCREMENTAL=0
SECONDS=0
step() { printf '\n== %s (after %d s)\n' "$*" "$SECONDS"; }

# The databases and repositories of tests are thrown away: where there is plenty of memory they are kept in it, because
# making them durable takes a disk as long as all the rest of the tests. They need 5 GB.
room() { awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo; }
if [ -z "${TMPDIR:-}" ] && [ "$(stat -f -c %T /dev/shm 2>/dev/null)" = tmpfs ] && [ "$(room)" -ge 12000 ] \
    && [ "$(df --output=avail -B1M /dev/shm | tail -1)" -ge 8000 ]; then
  TMPDIR=$(mktemp -d /dev/shm/sprintgate.XXXXXX)
  export TMPDIR
  # The tests' server runs as another user.
  chmod 711 "$TMPDIR"
  # It ends by itself a moment after the last test.
  trap 'for _ in {1..100}; do compgen -G "$TMPDIR/sprintgate-pg-*" >/dev/null || break; sleep 0.1; done; rm -rf "$TMPDIR"' EXIT
fi

step "format"
cargo fmt --check
cargo fmt --check --manifest-path fuzz/Cargo.toml
step "the core alone: builds with serde and thiserror only, and refuses what must not compile"
mkdir -p target
cargo tree --no-default-features --edges normal --depth 1 --prefix none | tail -n +2 | cut -d' ' -f1 | sort -u > target/core-dependencies.txt
diff <(printf 'serde\nthiserror\n') target/core-dependencies.txt
cargo nextest run --no-fail-fast --no-default-features --test compile_fail --test rules
step "one implementation of TLS"
cargo tree --edges normal,build --prefix none > target/dependencies.txt
if grep -E '^(aws-lc-sys|openssl-sys) ' target/dependencies.txt; then
  echo "another implementation of TLS came in" >&2
  exit 1
fi
step "lints"
cargo clippy --all-targets -- -D warnings
step "tests"
# One more than there are processors: tests wait for processes that they started.
cargo nextest run --no-fail-fast --lib --bins --test main --test-threads "$(($(nproc) + 1))"
step "doc examples"
cargo test --doc -q
step "documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --no-deps -q
step "a session of the official Python MCP client"
bash tests/mcp/python_client.sh
step "fuzz targets: lints, and a few seconds each"
bash tests/fuzz.sh
echo
echo "all green after $SECONDS s"

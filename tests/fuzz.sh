#!/usr/bin/env bash
# Builds, lints and runs every fuzz target for a few seconds, two at a time, from its committed corpus, on the stable
# toolchain (without sanitizers, which need another one). What a run finds is left in `fuzz/artifacts`; seeds come from
# `fuzz/corpus` and are not added to. SECONDS_EACH (8) is how long a target runs.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v cargo-fuzz >/dev/null; then
  echo "installing cargo-fuzz"
  cargo install cargo-fuzz --locked
fi
cargo fetch -q --locked --manifest-path fuzz/Cargo.toml || { echo "fuzz/Cargo.lock is stale" >&2; exit 1; }
# Clippy's driver is a compiler that lints what it builds, so that linting takes no build of its own.
export RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS=-Dwarnings
how=(-s none --codegen-units 16)
cargo fuzz build "${how[@]}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
targets=$(cargo fuzz list)
[ -n "$targets" ] || { echo "there is no fuzz target" >&2; exit 1; }

run() {
  local target=$1 log="$work/$1.log" runs
  [ -d "fuzz/corpus/$target" ] || { echo "fuzz: $target has no corpus" >&2; return 1; }
  mkdir "$work/$target"
  if ! cargo fuzz run "${how[@]}" "$target" "$work/$target" "fuzz/corpus/$target" -- \
      -max_total_time="${SECONDS_EACH:-8}" -rss_limit_mb=2048 -timeout=10 -max_len=4096 -print_final_stats=1 >"$log" 2>&1; then
    tail -n 60 "$log" >&2
    echo "fuzz: $target found something; the input is in fuzz/artifacts/$target" >&2
    return 1
  fi
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  # A target that hardly runs finds nothing.
  [ "${runs:-0}" -ge 1000 ] || { tail -n 20 "$log" >&2; echo "fuzz: $target ran only ${runs:-0} times" >&2; return 1; }
  echo "fuzz: $target, $runs runs, nothing found"
}

# One lane a core; a lane goes on when one of its targets fails, so that all findings are seen.
lane() {
  local failed=0 target
  for target in "$@"; do run "$target" || failed=1; done
  return "$failed"
}
odd=() even=()
for target in $targets; do
  if [ "${#odd[@]}" -gt "${#even[@]}" ]; then even+=("$target"); else odd+=("$target"); fi
done
failed=0
lane "${odd[@]}" &
lane "${even[@]}" || failed=1
wait "$!" || failed=1
exit "$failed"

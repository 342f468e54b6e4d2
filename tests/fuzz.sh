#!/usr/bin/env bash
# Runs every fuzz target for a few seconds, from its committed corpus, on the stable toolchain (without sanitizers,
# which need another one). What a run finds is left in `fuzz/artifacts`; seeds come from `fuzz/corpus` and are not added to.
# SECONDS_EACH (8) is how long a target runs.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v cargo-fuzz >/dev/null; then
  echo "installing cargo-fuzz"
  cargo install cargo-fuzz --locked
fi
locked=$(sha256sum fuzz/Cargo.lock)
cargo fuzz build -s none
[ "$locked" = "$(sha256sum fuzz/Cargo.lock)" ] || { echo "fuzz/Cargo.lock was stale; it is rewritten, commit it" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
targets=$(cargo fuzz list)
[ -n "$targets" ] || { echo "there is no fuzz target" >&2; exit 1; }
for target in $targets; do
  [ -d "fuzz/corpus/$target" ] || { echo "$target has no corpus" >&2; exit 1; }
  mkdir "$work/$target"
  log="$work/$target.log"
  if ! cargo fuzz run -s none "$target" "$work/$target" "fuzz/corpus/$target" -- \
      -max_total_time="${SECONDS_EACH:-8}" -rss_limit_mb=2048 -timeout=10 -max_len=4096 -print_final_stats=1 >"$log" 2>&1; then
    tail -n 60 "$log" >&2
    echo "fuzz: $target found something; the input is in fuzz/artifacts/$target" >&2
    exit 1
  fi
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  # A target that hardly runs finds nothing.
  [ "${runs:-0}" -ge 1000 ] || { tail -n 20 "$log" >&2; echo "fuzz: $target ran only ${runs:-0} times" >&2; exit 1; }
  echo "fuzz: $target, $runs runs, nothing found"
done

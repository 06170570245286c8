#!/usr/bin/env bash
# lint.sh BUILD-DIR JOBS LOG: clang-tidy over our sources with the compile commands of BUILD-DIR. Sources that AUTOMOC generates
# are left out.
set -euo pipefail
build=$1
jobs=$2
log=$3
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tidy=$(command -v clang-tidy-19 || command -v clang-tidy || true)
[ -n "$tidy" ] || { echo "clang-tidy is not installed" >&2; exit 2; }
mkdir -p "$(dirname "$log")"
status=0
# The commands are GCC's, whose warnings clang does not all know.
git ls-files 'app/*.cpp' 'models/*.cpp' 'views/*.cpp' \
  | xargs -r -n 4 -P "$jobs" "$tidy" -p "$build" --quiet --extra-arg=-Wno-unknown-warning-option >"$log" 2>&1 || status=1
grep -E '(warning|error):' "$log" | sort -u || [ $status -eq 0 ] || tail -n 20 "$log"
exit $status

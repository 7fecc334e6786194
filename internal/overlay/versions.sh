#!/usr/bin/env bash
# Runs the tests of the overlay with other versions of Go, which it downloads: with
# those that are named, or with the first and the latest patch release of each
# supported minor version.
#   internal/overlay/versions.sh 1.25.0 1.26.0 1.27.0
#   RUN=EveryChange internal/overlay/versions.sh 1.28.0   only see which changes fit
set -euo pipefail
cd "$(dirname "$0")"
if [ $# = 0 ]; then
	all=$(go list -m -versions go | tr ' ' '\n')
	for minor in 1.25 1.26 1.27; do
		releases=$(grep -E "^$minor\.[0-9]+$" <<<"$all" | sort -V)
		set -- "$@" $(sed -n '1p;$p' <<<"$releases")
	done
fi
links=$(mktemp -d)
trap 'rm -rf "$links"' EXIT
for version in "$@"; do
	# The go command replaces no files of a toolchain that it has downloaded, but
	# it does when it is reached by a link.
	ln -s "$(cd testdata/exact && GOTOOLCHAIN=go$version go env GOROOT)" "$links/go$version"
	echo "== go$version"
	SAMERUN_GOROOT=$links/go$version go test -count=1 -run "${RUN:-.}" .
done

#!/usr/bin/env bash
# Runs the test suites of well-known libraries, as they are, under samerun test,
# twice, and under go test, and prints a table. It downloads them by the go command.
#   internal/overlay/suites.sh            all of them, on the seeds 1-20
#   SEEDS=1-5 TURN=20us internal/overlay/suites.sh raft conc
set -euo pipefail
cd "$(dirname "$0")/../.."

# A short name, the module and its version, and what to test of it.
libraries='
raft       go.etcd.io/raft/v3@v3.7.0                        ./...
sync       golang.org/x/sync@v0.25.0                        ./...
conc       github.com/sourcegraph/conc@v0.3.0               ./...
clockwork  github.com/jonboulle/clockwork@v0.5.0            ./...
backoff    github.com/cenkalti/backoff/v5@v5.0.3            -run ^Test ./...
go-cache   github.com/patrickmn/go-cache@v2.1.0+incompatible ./...
ratelimit  go.uber.org/ratelimit@v0.3.1                     -run ^Test ./...
gobreaker  github.com/sony/gobreaker/v2@v2.4.0              ./...
puddle     github.com/jackc/puddle/v2@v2.2.3                ./...
ristretto  github.com/dgraph-io/ristretto/v2@v2.4.2         .
websocket  github.com/gorilla/websocket@v1.5.3              ./...
miniredis  github.com/alicebob/miniredis/v2@v2.35.0         ./...
memberlist github.com/hashicorp/memberlist@v0.5.3           .
grpc       google.golang.org/grpc@v1.76.0                   ./internal/transport ./internal/grpcsync ./health ./stats
'
seeds=${SEEDS:-1-20}
turn=${TURN:-200us}
date=${DATE:-2025-06-01} # certificates in the suites hold on that day
tmp=$(mktemp -d)
trap 'chmod -R u+w "$tmp"; rm -rf "$tmp"' EXIT
go build -o "$tmp/samerun" ./cmd/samerun

# copy puts a module into a folder of its own: the module cache is read-only, and
# the go command tests a module with the versions that its own go.mod names.
copy() { # module@version, folder
	mkdir -p "$tmp/get"
	[ -f "$tmp/get/go.mod" ] || (cd "$tmp/get" && go mod init get) 2>/dev/null
	local from
	from=$(cd "$tmp/get" && go mod download -json "$1" | sed -n 's/^\t"Dir": "\(.*\)",*$/\1/p')
	cp -r "$from" "$2"
	chmod -R u+w "$2"
	[ -f "$2/go.mod" ] || (cd "$2" && go mod init "${1%@*}") 2>/dev/null
	(cd "$2" && go mod tidy) 2>/dev/null
}

sweep() { # the file to write, and the words of the library
	local file=$1
	shift
	"$tmp/samerun" test -overlay on -json -keep-going -shrink 0 -timeout 1m -turn "$turn" -date "$date" -seeds "$seeds" "$@" 2>"$file.err" >"$file.json" || true
	sed -E 's/,?"wall_ns":[0-9]+//' "$file.json" >"$file"
}

digests() { sed -E 's/.*"package":"([^"]*)".*"seed":([0-9]+),"ok":([a-z]*),"digest":"([^"]*)".*/\1 \2 \3 \4/' "$1"; }

row='%-10s %-12s %6s %10s %9s %8s  %s\n'
printf "$row" library version tests "go test" passed digests "failed (runs)"
while read -r name module words; do
	[ -n "$name" ] || continue
	[ $# = 0 ] || [[ " $* " == *" $name "* ]] || continue
	copy "$module" "$tmp/$name"
	cd "$tmp/$name"
	read -ra words <<<"$words"
	tests=$(go test -list '^Test' $(printf '%s\n' "${words[@]}" | grep '^\.') | grep -c '^Test' || true)
	stock=ok
	go test -count=1 -timeout 5m "${words[@]}" >"$tmp/$name.stock" 2>&1 || stock=fails
	sweep "$tmp/$name.1" "${words[@]}"
	sweep "$tmp/$name.2" "${words[@]}"
	equal=equal
	cmp -s <(digests "$tmp/$name.1") <(digests "$tmp/$name.2") || equal=differ
	failed=$(grep '"ok":false' "$tmp/$name.1" | sed -E "s/.*-run '\\^([A-Za-z0-9_]+)\\$'.*/\\1/; t; s/.*\"error\":\"([^\"]{0,60}).*/\\1/" | sort | uniq -c | awk '{ n = $1; $1 = ""; printf "%s (%d) ", $0, n }' || true)
	passed=$(grep -c '"ok":true' "$tmp/$name.1" || true)
	printf "$row" "$name" "${module##*@}" "$tests" "$stock" "$passed/$(wc -l <"$tmp/$name.1")" "$equal" "$failed"
	cd - >/dev/null
done <<<"$libraries"

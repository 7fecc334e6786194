#!/usr/bin/env bash
# Runs the test suites of well-known libraries, as they are, under go test and under
# samerun test, and prints two tables. It downloads them by the go command.
#   internal/overlay/suites.sh            all of them, on the seeds 1-20
#   SEEDS=1-5 TURN=20us internal/overlay/suites.sh raft conc
# The first has a line for each library: two sweeps over the seeds, and whether the
# digests of both are equal. Below it is a line for each test that passes in go test
# (STOCK times, 3 if it is not set) and not under samerun: in one process with the other
# tests of its package, or by itself, and at how many of the seeds. At the end it says how
# many tests were compared. PARTS=tests leaves the sweeps out, PARTS=sweeps the tests. RUN is
# a pattern for the tests to compare. KEEP is a folder that gets what the runs of one process
# said, and the tests that failed alone.
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
fasthttp   github.com/valyala/fasthttp@v1.78.0              ./...
fx         go.uber.org/fx@v1.24.0                           ./...
run        github.com/oklog/run@v1.2.0                      ./...
groupcache github.com/golang/groupcache@v0.0.0-20241129210726-2c02b8208cf8 ./...
watermill  github.com/ThreeDotsLabs/watermill@v1.5.1        ./...
gocron     github.com/go-co-op/gocron/v2@v2.21.2            .
quic       github.com/quic-go/quic-go@v0.65.0               . ./http3 ./integrationtests/self
http2      golang.org/x/net@v0.62.0                         ./http2
ssh        golang.org/x/crypto@v0.59.0                      ./ssh ./ssh/agent
redis-pool github.com/redis/go-redis/v9@v9.23.0             ./internal/pool
serf       github.com/hashicorp/serf@v0.11.0                ./serf ./client ./coordinate
nats       github.com/nats-io/nats.go@v1.55.0               -modfile=go_test.mod . ./test
bbolt      go.etcd.io/bbolt@v1.5.0                          -short .
pubsub     github.com/libp2p/go-libp2p-pubsub@v0.19.0       .
'
seeds=${SEEDS:-1-20}
turn=${TURN:-200us}
runs=${STOCK:-3}
parts=${PARTS:-sweeps tests}
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

# numbers writes the seeds one by one.
numbers() {
	tr , '\n' <<<"$seeds" | while IFS=- read -r first last; do seq "$((first))" "$((${last:-$first}))"; done
}

# verdicts writes of what go test -v says one line for each test at the top: PASS, FAIL or
# SKIP, and its name.
verdicts() { sed -nE 's/^ *--- (PASS|FAIL|SKIP): (Test[^ /]*) .*/\1 \2/p' | sort -u; }

# passing writes the names of the tests that the files say passed, and none that failed, in
# so many runs.
passing() { # runs, files
	local runs=$1
	shift
	sort "$@" | awk -v n="$runs" '$1 == "PASS" { good[$2]++ } $1 == "FAIL" { bad[$2] = 1 } END { for (t in good) if (good[t] == n && !bad[t]) print t }' | sort
}

# keep puts what the files say into the folder that KEEP names, if it does.
keep() { # name, files
	[ -z "${KEEP:-}" ] || cat "${@:2}" >"$KEEP/$1.txt"
}

# compare looks at each test of a package by itself: in go test, in one process with the
# others, and alone. Tests that go test does not pass always do not count. A test that is
# missing in one process, because another one ended it, is told apart.
compare() { # library, flags, package
	local name=$1 flags=$2 package=$3 at=$tmp/compare i seed test n one alone
	rm -rf "$at" && mkdir "$at"
	for i in $(seq "$runs"); do
		go test $flags -count=1 -v -timeout 5m ${RUN:+-run "$RUN"} "$package" 2>&1 </dev/null | verdicts >"$at/stock.$i" || true
	done
	passing "$runs" "$at"/stock.* >"$at/passes"
	compared=$((compared + $(wc -l <"$at/passes")))
	[ -s "$at/passes" ] || return 0
	# What the tool does beside running the binary of a package is to build it. What does not
	# pass by itself in go test, since it needs those before it, need not here.
	(cd "$package" && go test ${flags//-short/} -c -o "$at/stock" .) >"$at/build" 2>&1 || true
	(cd "$package" && go test $(cd "$module_dir" && "$tmp/samerun" goflags) ${flags//-short/} -c -o "$at/test" . >"$at/build" 2>&1) || { printf '%s %s: does not build: %s\n' "$name" "$package" "$(head -n 1 "$at/build")"; return 0; }
	local short=
	[[ " $flags " != *" -short "* ]] || short=-test.short
	n=0
	for seed in $(numbers); do
		n=$((n + 1))
		(cd "$package" && SAMERUN_SEED=$seed SAMERUN_DATE=$date timeout 300 "$at/test" $short -test.v -test.timeout 2m ${RUN:+-test.run "$RUN"} >"$at/all" 2>&1 </dev/null) || true
		verdicts <"$at/all" >"$at/one.$seed" || true
		keep "$name-${package##*/}-$seed" "$at/all"
	done
	while read -r test; do
		one=$(cat "$at"/one.* | grep -c "^PASS $test\$" || true)
		alone=0
		for seed in $(numbers); do
			if (cd "$package" && SAMERUN_SEED=$seed SAMERUN_DATE=$date timeout 90 "$at/test" $short -test.timeout 1m -test.run "^$test\$" >"$at/said" 2>&1 </dev/null); then
				alone=$((alone + 1))
			else
				keep "$name-$test-$seed" "$at/said"
			fi
		done
		if [ "$alone" -lt "$n" ] && ! (cd "$package" && timeout 90 "$at/stock" $short -test.timeout 1m -test.run "^$test\$" >/dev/null 2>&1 </dev/null); then
			alone=$n
		fi
		if [ "$alone" -eq "$n" ] && [ "$one" -lt "$n" ] && [ "$(cat "$at"/one.* | grep -c " $test\$")" -eq "$one" ]; then
			printf '%-10s %-40s one process %d of %d, where another test ended the others, alone %d of %d\n' "$name" "$package:$test" "$one" "$n" "$alone" "$n"
			ended=$((ended + 1))
		elif [ "$one" -lt "$n" ] || [ "$alone" -lt "$n" ]; then
			printf '%-10s %-40s one process %d of %d, alone %d of %d  %s\n' "$name" "$package:$test" "$one" "$n" "$alone" "$n" \
				"$([ "$alone" -eq "$n" ] || grep -m 1 -oE '^(samerun: .*|panic: .*|fatal error: .*| +[a-z_0-9]+_test.go:[0-9]+: .*|.*Error:.*)' "$at/said" | cut -c1-120)"
			defects=$((defects + 1))
		fi
	done <"$at/passes"
}

compared=0 defects=0 ended=0
row='%-10s %-12s %6s %10s %9s %8s  %s\n'
[[ " $parts " != *" sweeps "* ]] || printf "$row" library version tests "go test" passed digests "failed (runs)"
while read -r name module words; do
	[ -n "$name" ] || continue
	[ $# = 0 ] || [[ " $* " == *" $name "* ]] || continue
	copy "$module" "$tmp/$name"
	module_dir=$tmp/$name
	cd "$module_dir"
	read -ra words <<<"$words"
	patterns=$(printf '%s\n' "${words[@]}" | grep '^\.')
	flags=$(printf '%s\n' "${words[@]}" | grep -v '^\.' | tr '\n' ' ' || true)
	listing=${flags//-run ^Test/}
	listing=${listing//-short/}
	if [[ " $parts " == *" sweeps "* ]]; then
		tests=$(go test $listing -list '^Test' $patterns | grep -c '^Test' || true)
		stock=ok
		go test -count=1 -timeout 5m "${words[@]}" >"$tmp/$name.stock" 2>&1 || stock=fails
		sweep "$tmp/$name.1" "${words[@]}"
		sweep "$tmp/$name.2" "${words[@]}"
		equal=equal
		cmp -s <(digests "$tmp/$name.1") <(digests "$tmp/$name.2") || equal=differ
		failed=$(grep '"ok":false' "$tmp/$name.1" | sed -E "s/.*-run '\\^([A-Za-z0-9_]+)\\$'.*/\1/; t; s/.*\"error\":\"([^\"]{0,60}).*/\1/" | sort | uniq -c | awk '{ n = $1; $1 = ""; printf "%s (%d) ", $0, n }' || true)
		passed=$(grep -c '"ok":true' "$tmp/$name.1" || true)
		printf "$row" "$name" "${module##*@}" "$tests" "$stock" "$passed/$(wc -l <"$tmp/$name.1")" "$equal" "$failed"
	fi
	if [[ " $parts " == *" tests "* ]]; then
		for package in $(go list $listing -f '{{if or .TestGoFiles .XTestGoFiles}}{{.Dir}}{{end}}' $patterns); do
			package=.${package#"$module_dir"}
			compare "$name" "$flags" "$package"
		done
	fi
	cd - >/dev/null
	chmod -R u+w "$tmp/$name"
	rm -rf "${tmp:?}/$name"
done <<<"$libraries"
[[ " $parts " != *" tests "* ]] || echo "$defects of $compared tests pass in go test and not always under samerun; $ended more did not run at some seed, because one of those ended the process"

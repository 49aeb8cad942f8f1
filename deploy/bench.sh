#!/usr/bin/env bash
# Measures the path from a signed slash command to its committed answer, beside peers, in one run,
# and the Go benchmarks. The load generator and the peers lie in ../shared/bench (or BENCH=dir).
# Loopback only. Usage: deploy/bench.sh [candidates]
set -euo pipefail
cd "$(dirname "$0")/.."
BENCH=${BENCH:-$(cd .. && pwd)/shared/bench}
N=${1:-100000}
RUN=$(mktemp -d) PORT=6390 SLACK=127.0.0.1:3100
export RAPPORT_PER_MINUTE=0 RAPPORT_LOG=error RAPPORT_LISTEN=$SLACK RAPPORT_REDIS_URL=redis://127.0.0.1:$PORT/0
export RAPPORT_SLACK_BOT_TOKEN=xoxb-bench RAPPORT_SLACK_SIGNING_SECRET=perf-secret RAPPORT_SLACK_API_URL=http://127.0.0.1:9098/api/
pids=()
cleanup() { kill "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$RUN"; }
trap cleanup EXIT
[ -d "$BENCH/slackload" ] || { echo "make bench needs the load generator: set BENCH to the folder that holds slackload and peers" >&2; exit 1; }
cp -r "$BENCH/slackload" "$BENCH/peers" "$RUN/"
(cd "$RUN/slackload" && go build -o "$RUN/load" .)
(cd "$RUN/peers/gopeer" && go build -o "$RUN/gopeer" .)
CGO_ENABLED=0 go build -trimpath -o "$RUN/rapport" ./cmd/rapport
if command -v npm >/dev/null; then (cd "$RUN/peers/node" && npm install --ignore-scripts --no-fund --no-audit >/dev/null 2>&1) || true; fi

redis() { # fsync
	mkdir -p "$RUN/redis-$1"
	redis-server --port $PORT --bind 127.0.0.1 --dir "$RUN/redis-$1" --appendonly yes --appendfsync "$1" --save '' >"$RUN/redis.log" 2>&1 &
	REDIS=$!; pids+=("$REDIS")
	until redis-cli -p $PORT ping 2>/dev/null | grep -q PONG; do sleep 0.05; done
}
stop() { kill "$1"; wait "$1" 2>/dev/null || true; }
up() { until (exec 3<>"/dev/tcp/${1%%:*}/${1##*:}") 2>/dev/null; do sleep 0.02; done; }
line() { # label concurrency extra… : one measurement, one line
	local label=$1 c=$2; shift 2
	"$RUN/load" run -secret perf-secret -c "$c" -warmup 2000 -quiet 1m "$@" >"$RUN/out.json"
	python3 - "$label" "$RUN/out.json" <<'PY'
import json, sys
d = json.loads(open(sys.argv[2]).read())
p = d["procs"]; sent = d["sent"]; us = lambda k: round(p[k]["cpu_s"] / sent * 1e6, 1) if k in p else "-"
print(f'| {sys.argv[1]} | {d["c"]} | {d["rps"]:.0f} | {d["ack_ms"]["p50"]:.2f} | {d["ack_ms"]["p99"]:.2f} | {us("server")} | {us("redis")} | {p["server"]["rss_mb"]:.0f} | {d["errors"]}{" noisy" if d.get("noisy") else ""} |')
PY
}
once() { "$RUN/load" run -secret perf-secret -url http://$SLACK/slack/commands -command /rapport -ids 1 -c 1 -n 1 -warmup 0 -text "$1" -expect "$2" >"$RUN/once.json"; grep -q '"errors":0' "$RUN/once.json" || { cat "$RUN/once.json" >&2; return 1; }; }

echo "machine: $(nproc) cores, $(awk -F: '/model name/{print $2; exit}' /proc/cpuinfo | xargs), $(redis-server --version | awk '{print $3}'), $(go version | awk '{print $3}')"
echo "| server | connections | moves/s | p50 ms | p99 ms | server CPU µs/move | Redis CPU µs/move | RSS MB | errors |"
echo "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
for fsync in everysec always; do
	redis $fsync
	"$RUN/rapport" serve >"$RUN/serve.log" 2>&1 & SERVE=$!; pids+=("$SERVE"); up $SLACK
	code=$(for _ in $(seq 100); do grep -m1 -o 'code: .*' "$RUN/serve.log" && break; sleep 0.05; done | awk '{print $2}')
	once "setup $code" Welcome
	once 'job open "Bench" stages:"Applied, Screen, Onsite, Offer, Hired"' Opened
	python3 - "$N" >"$RUN/people.csv" <<'PY'
import sys
first = "Maria Ahmed Li Olga James Priya Chen Sofia David Amara".split(); last = "Garcia Khan Wei Ivanova Smith Patel Ming Rossi Cohen Okafor".split()
print("name,email,external id,job,stage,zone")
for i in range(int(sys.argv[1])):
    print(f"{first[i%10]} {last[i//10%10]},c{i}@mail.example,{i:012d},Bench,Screen,Europe/Berlin")
PY
	"$RUN/rapport" import --csv "$RUN/people.csv" >"$RUN/import.log" 2>&1 || { cat "$RUN/import.log" >&2; exit 1; }
	for part in "1 0 13" "16 13 42" "64 55 45"; do # hundredths of all of them; one measured again moves back
		set -- $part
		c=$1 start=$((N * $2 / 100)) ids=$((N * $3 / 100))
		line "rapport ($fsync)" $c -url http://$SLACK/slack/commands -command /move -id-start $start -ids $ids -text '{id} to:{cycle:Onsite|Screen}' -n $((ids - 2000)) -expect Moved -pid server=$SERVE -pid redis=$REDIS
		once 'job board Bench' Bench
	done
	stop $SERVE; stop $REDIS
	[ $fsync = everysec ] || continue
	for peer in go-lua bolt-http bolt-http-noderedis bolt-express; do
		redis everysec
		"$RUN/gopeer" seed -redis 127.0.0.1:$PORT
		export REDIS_PORT=$PORT SLACK_SIGNING_SECRET=perf-secret SLACK_API_URL=http://127.0.0.1:9098/api/
		case $peer in
		go-lua) "$RUN/gopeer" serve -mode lua -redis 127.0.0.1:$PORT >"$RUN/peer.log" 2>&1 & ;;
		bolt-http) RECEIVER=http node "$RUN/peers/node/bolt.js" >"$RUN/peer.log" 2>&1 & ;;
		bolt-http-noderedis) RECEIVER=http REDIS_CLIENT=node-redis node "$RUN/peers/node/bolt.js" >"$RUN/peer.log" 2>&1 & ;;
		bolt-express) RECEIVER=express node "$RUN/peers/node/bolt.js" >"$RUN/peer.log" 2>&1 & ;;
		esac
		PEER=$!; pids+=("$PEER"); up 127.0.0.1:3000; sleep 1
		for c in 16 64; do
			"$RUN/gopeer" seed -redis 127.0.0.1:$PORT
			line "$peer (everysec)" $c -url http://127.0.0.1:3000/slack/events -n 30000 -expect Moved -pid server=$PEER -pid redis=$REDIS || echo "| $peer | $c | not measured |"
		done
		stop $PEER; stop $REDIS
	done
done
go test -run '^$' -bench . -benchtime 1s ./bot/... ./store/... ./handlers/... ./adapters/... 2>/dev/null | grep -E '^(Benchmark|pkg)' || true

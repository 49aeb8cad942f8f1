#!/usr/bin/env bash
# Measures the search for free slots beside peers, in one run, on one panel: cal.com's own
# functions and slot-calculator (node), a plain Go sweep, and Rapport, its rules expanded each
# time; then the other Go benchmarks of bot/scheduling. The panel and the peers lie in
# ../shared/bench (or BENCH=dir); they are copied, nothing is written there. The first run takes
# the peers from the npm registry. Usage: deploy/bench-slots.sh
set -euo pipefail
cd "$(dirname "$0")/.."
BENCH=${BENCH:-$(cd .. && pwd)/shared/bench}
[ -d "$BENCH/slots" ] || { echo "bench-slots needs the panel and the peers: set BENCH to the folder that holds slots" >&2; exit 1; }
RUN=$(mktemp -d)
trap 'rm -rf "$RUN"' EXIT
cp -r "$BENCH/slots" "$RUN/"
cmp "$RUN/slots/panel.json" bot/scheduling/testdata/panel.json
(cd "$RUN/slots/gosweep" && go build -o "$RUN/gosweep" .)
go test -c -o "$RUN/scheduling.test" ./bot/scheduling
cal=none
if command -v npm >/dev/null; then
	(cd "$RUN/slots/js" && npm install --ignore-scripts --no-fund --no-audit >"$RUN/npm.log" 2>&1) || { cat "$RUN/npm.log" >&2; exit 1; }
	# cal.com's published bundle is AGPL: it is run here and stands in no product
	mkdir "$RUN/cal" && (cd "$RUN/cal" && tar xzf "$(npm pack --silent @calcom/platform-libraries@0.0.360)") && cal=$RUN/cal/package/dist
else
	echo "npm is not installed: cal.com's functions are left out" >&2
fi
echo "machine: $(nproc) cores, $(awk -F: '/model name/{print $2; exit}' /proc/cpuinfo | xargs), load $(cut -d' ' -f1 /proc/loadavg), $(go version | awk '{print $3}'), node $(node --version 2>/dev/null || echo none)"
[ "$cal" = none ] || node "$RUN/slots/js/bench.js" "$RUN/slots/panel.json" "$cal" | tee "$RUN/peers.jsonl"
"$RUN/gosweep" bench "$RUN/slots/panel.json" | tee -a "$RUN/peers.jsonl"
bench() { (cd bot/scheduling && "$RUN/scheduling.test" -test.run '^$' -test.bench "$1" -test.benchtime "${2:-1s}" -test.count "${3:-1}" -test.benchmem) | grep ^Benchmark; }
bench '^BenchmarkPanel' 2s 3 | tee "$RUN/ours.txt"
python3 - "$RUN/peers.jsonl" "$RUN/ours.txt" <<'PY'
import json, re, statistics, sys
rows = [(f'{d["impl"]}: {d["what"]}', d["searches_per_s"], d["slots_found"], d["as_expected"]) for d in map(json.loads, open(sys.argv[1]))]
ours = {}
for line in open(sys.argv[2]):
    name, ns = re.match(r"Benchmark(\w+)\S*\s+\d+\s+([\d.]+) ns/op", line).groups()
    ours.setdefault(name, []).append(float(ns))
for name, what in ("PanelStarts", "rapport: from rules, the list of starts"), ("Panel", "rapport: from rules, ranked, with reasons"):
    rows.append((what, 1e9 / statistics.median(ours[name]), 23, True))  # the benchmark fails unless it finds the 23
mine = rows[-2][1]
print("| what | searches/s | slots | rapport is |\n| --- | --- | --- | --- |")
for what, rate, slots, right in rows:
    print(f"| {what} | {rate:,.0f} | {slots}{'' if right else ', not the expected ones'} | {mine / rate:.1f} times as fast |")
PY
bench 'Read|Say|WeekOfThirtyYears|Resolve|Hostile'

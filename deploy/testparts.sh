#!/bin/sh
# Installs what the tests need and the machine lacks: a Redis server (its own and
# Sentinel's binary) and a Chromium. Where it may not install, it names what is missing.
set -eu
need=""
command -v redis-server >/dev/null 2>&1 || need="$need redis-server"
command -v redis-sentinel >/dev/null 2>&1 || need="$need redis-sentinel"
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || need="$need chromium"
[ -n "$need" ] || exit 0
if command -v apt-get >/dev/null 2>&1; then
	sudo=""
	if [ "$(id -u)" != 0 ]; then
		if sudo -n true 2>/dev/null; then sudo="sudo -n"; else
			echo "The tests need:$need. Install them with: sudo apt-get install$need" >&2
			exit 1
		fi
	fi
	echo "installing:$need"
	$sudo apt-get update -qq
	DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $need >/dev/null
	# Debian starts the servers it installs; the tests start their own.
	if command -v systemctl >/dev/null 2>&1; then $sudo systemctl disable --now redis-server redis-sentinel >/dev/null 2>&1 || true; fi
else
	echo "The tests need these programs in PATH:$need" >&2
	exit 1
fi

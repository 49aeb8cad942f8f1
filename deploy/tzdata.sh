#!/bin/sh
# tzdata.sh renews the time-zone database that Rapport carries.
#
# usage: deploy/tzdata.sh [PACKAGE.deb]
#
# Without an argument the newest tzdata package of the configured Debian
# sources is downloaded (run `apt-get update` first). The zone files, links as
# links, zone.tab and iso3166.tab go into bot/scheduling/tzdata.zip; version,
# release day and package stand in bot/scheduling/tzdata.version and, as
# VERSION, in the zip. Equal packages give equal files.
set -eu
LC_ALL=C TZ=UTC
export LC_ALL TZ

here=$(cd "$(dirname "$0")/.." && pwd)
out=$here/bot/scheduling
deb=${1:-}
case $deb in '' | /*) ;; *) deb=$PWD/$deb ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

if [ -z "$deb" ]; then
	apt-get -q download tzdata >/dev/null
	deb=$(ls tzdata_*.deb)
fi
dpkg-deb -x "$deb" tree
package=$(dpkg-deb -f "$deb" Version)
cd tree/usr/share/zoneinfo

version=$(sed -n '1s/^# version //p' tzdata.zi)
[ -n "$version" ] || { echo "tzdata.sh: $deb names no version" >&2; exit 1; }
released=$(date -r tzdata.zi +%Y-%m-%d)
printf '%s\n%s\nDebian tzdata %s\n' "$version" "$released" "$package" >VERSION

# posix and right are copies (right counts leap seconds, which no calendar does);
# localtime, posixrules and Factory say something about a machine, not a place.
rm -rf posix right localtime posixrules Factory leapseconds leap-seconds.list tzdata.zi zone1970.tab
find . -exec touch -h -d "$released" {} +
find . \( -type f -o -type l \) | sed 's|^\./||' | sort >"$work/names"
rm -f "$work/tzdata.zip"
zip -q -9 -X -y "$work/tzdata.zip" -@ <"$work/names"

cp "$work/tzdata.zip" "$out/tzdata.zip"
cp VERSION "$out/tzdata.version"
chmod 644 "$out/tzdata.zip" "$out/tzdata.version"
echo "tzdata $version of $released ($package), $(wc -l <"$work/names") files"

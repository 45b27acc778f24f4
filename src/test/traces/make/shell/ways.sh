# Each function is a container's command that fails; bash runs it alone.
xtrace() { set -eux; work=$(mktemp -d /tmp/sync.XXXX); echo '{"order":5120}' > "$work/order.json"; curl -sS --fail -d @"$work/order.json" http://127.0.0.1:9/orders; }
trap_exit() { set -eu; trap 'echo "closing 4 connections"; echo "scratch removed"' EXIT; cp /app/prices.csv /tmp/; }
trap_err() { set -Eeuo pipefail; trap 'echo "ERROR in line $LINENO: \"$BASH_COMMAND\" ended with $?" >&2' ERR; grep -q LA-4 /etc/hostname | sort; }
unset_variable() { set -eu; echo "pushing to $SHOP_URL"; }
not_found() { set -e; shopctl push --order 5120; }
denied() { set -e; /etc/hostname; }
syntax() { bash -c 'if true; then echo pushing; fi fi'; }
no_interpreter() { printf '#!/usr/bin/pyton3\n' > /tmp/sync-script; chmod +x /tmp/sync-script; exec /tmp/sync-script; }
pipe() { set -o pipefail; curl -sS http://127.0.0.1:9/orders | jq .lines; }
jq_error() { echo '<html>502 Bad Gateway</html>' | jq .lines; }
curl_fail() { curl --fail --retry 1 --retry-delay 0 http://127.0.0.1:9/orders; }
curl_resolve() { curl -sS http://shop.invalid/orders; }
curl_verbose() { curl -v http://127.0.0.1:9/orders; }
wget_refused() { wget -O - --tries=1 http://127.0.0.1:9/orders; }
psql_refused() { psql 'host=127.0.0.1 port=9 dbname=shop' -c 'select 1'; }
git_clone() { git clone /srv/catalogue /tmp/catalogue-clone; }
tar_missing() { tar -xzf /app/prices.tar.gz -C /tmp; }
message() { echo "exporting order 5120"; echo "ERROR: order 5120: the shop answered 422: price must not be empty" >&2; echo "Exiting with code 1"; return 1; }
die() { echo >&2 "sync: order 5120 is locked by another clerk"; exit 1; }
killed() { echo "exporting order 5120"; bash -c 'kill -KILL $$'; echo "the exporter ended with $?"; }
segfault() { echo "exporting order 5120"; bash -c 'kill -SEGV $$'; }
json_answer() { echo "POST /orders"; printf '%s\n' '{' '  "status": 422,' '  "errors": [' '    { "field": "price", "message": "must not be empty" }' '  ]' '}'; return 1; }
usage() { echo "unknown option: --ordr" >&2; printf '%s\n' 'Usage: sync [OPTION]... SHOP' '' '  --order NUMBER   the order to push' '  --dry-run        say what would be done' '' 'Report errors to the shop team.' >&2; exit 2; }
silent() { exit 1; }
finished() { echo "exporting order 5120"; echo "All done."; exit 1; }
rclone_like() { echo "2026/11/28 01:17:01 ERROR : stock.csv: Failed to copy: quota exceeded"; printf 'Transferred:   \t  0 B / 1.2 MiB, 0%%, 0 B/s, ETA -\nErrors:                 1 (retrying may help)\nElapsed time:         0.3s\n'; return 1; }
make_error() { cd /tmp && printf 'push:\n\tcurl -sS http://127.0.0.1:9/orders\n' > sync.mk && make -f sync.mk push; }
tty_colours() { printf '\033[1m==>\033[0m exporting order 5120\r\n\033[31;1mError:\033[0m the shop answered \033[4m422\033[24m\033[K\r\n\033[?25h'; return 1; }

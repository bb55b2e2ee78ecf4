#!/bin/sh
# One-shot: makes the data directory of a new cluster, with its databases and users, in the volume of the first member,
# and leaves the token that lets this member start the cluster. It refuses where a cluster may exist already. Killed
# half way, it can be repeated.
set -eu
volume=/var/lib/mysql
data=$volume/data
token=$volume/bootstrap-token
incomplete=$volume/incomplete

say() { echo "holdfast: $*" >&2; }
answers() { timeout 1 bash -c "exec 3<>/dev/tcp/$1/4567" 2>/dev/null; }

for peer in $HOLDFAST_PEERS; do
  if answers "$peer"; then
    say "refused: $peer answers on port 4567, so a cluster is running. A member with an empty volume joins it by itself; a new cluster is made only where none is."
    exit 1
  fi
done
if [ ! -e "$incomplete" ] && [ -n "$(ls -A "$volume")" ]; then
  if [ -e "$token" ]; then
    say "done before: the data directory and its token are there"
    exit 0
  fi
  say "refused: the volume of the first member holds data. Keep it and take this cluster's state back (pulumi import), or remove the volume to start with an empty database."
  exit 1
fi

: >"$incomplete"
sync "$incomplete" "$volume"
rm -rf "$data" "$volume/tmp" "$token"
mkdir "$data" "$volume/tmp"
mariadb-install-db --defaults-file=/holdfast/bootstrap.cnf --datadir="$data" --skip-test-db --skip-name-resolve \
  --auth-root-authentication-method=socket --auth-root-socket-user=root --extra-file=/holdfast/accounts.sql >"$volume/tmp/log" 2>&1 || {
  tail -n 40 "$volume/tmp/log" >&2
  say "mariadb-install-db failed"
  exit 1
}
sync -f "$data"
date -u +%Y-%m-%dT%H:%M:%SZ >"$token"
sync "$token" "$volume"
rm "$incomplete"
sync "$volume"
say "data directory and bootstrap token are in place"

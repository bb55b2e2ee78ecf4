#!/bin/sh
# Main process of a member. It joins; it starts a cluster only while the token of the bootstrap job lies in its volume, which is
# until it was Synced and Primary for the first time (galera-health takes the token away).
set -eu
volume=/var/lib/mysql
data=$volume/data
token=$volume/bootstrap-token
config=/holdfast/galera.cnf
state=$data/grastate.dat

say() { echo "holdfast: $*" >&2; }
answers() { timeout 1 bash -c "exec 3<>/dev/tcp/$1/4567" 2>/dev/null; }

if [ -e "$volume/incomplete" ]; then
  say "the bootstrap job did not come to its end, so this data directory is not usable. Run \`pulumi up\` again: it repeats the job."
  exit 1
fi
# Only a member that closed its group in good order removes its view.
crashed=false
[ ! -e "$data/gvwstate.dat" ] || crashed=true
rm -rf "$volume/tmp"
mkdir -p "$data" "$volume/tmp"
# The answerer has the volume read-only, to see how much is free, and is in group 0 too: the data is none of its business.
chmod 0700 "$data"

# A state transfer deletes the old data first. Where it was cut after that, what lies there is neither old nor new and would stop
# every later start. Before that point the old data is whole and is kept: it may be all that is left.
if [ -e "$data/.sst" ] || { [ -e "$data/sst_in_progress" ] && { [ ! -e "$data/ibdata1" ] || [ "${HOLDFAST_SST:-}" = rsync ]; }; }; then
  say "a state transfer was cut in the middle: clearing its rest, the member takes a new one"
  find "$data" -mindepth 1 -delete
fi
rm -f "$data/sst_in_progress" "$data/wsrep_sst.pid" "$data/rsync_sst.pid" "$data/rsync_sst_complete"

# Every start listens for a state transfer on another port: a donor that was left behind by a start that died would otherwise send
# its stream into this one.
turn=$(cat "$volume/turn" 2>/dev/null || true)
turn=$(((${turn:-0} + 1) % 8))
echo "$turn" >"$volume/turn"
transfer=--wsrep-sst-receive-address=$HOLDFAST_ADDRESS:$((4440 + turn))

if [ -e "$token" ]; then
  for peer in $HOLDFAST_PEERS; do
    if answers "$peer"; then
      say "$peer answers on port 4567 already: this member joins it, the bootstrap token is void"
      rm -f "$token"
      break
    fi
  done
fi
if [ -e "$token" ]; then
  say "bootstrap token found: starting a new cluster"
  # Left at 0 by a first start that was killed; nobody else can have newer data while the token is there.
  [ -e "$state" ] && sed -i 's/^safe_to_bootstrap:.*/safe_to_bootstrap: 1/' "$state"
  exec mariadbd --defaults-file="$config" "$transfer" --wsrep-new-cluster
fi

# After a crash the others may still list it as evicted, and nobody writes while it comes back then.
if $crashed && [ -n "${HOLDFAST_STAY_OUT_S:-}" ]; then
  sleep "$HOLDFAST_STAY_OUT_S" &
fi

# After a crash the saved state has no position, and a full transfer would follow. InnoDB knows the position.
position=
if [ -e "$data/ibdata1" ] && ! grep -Eq '^seqno:[[:space:]]*[0-9]' "$state" 2>/dev/null; then
  if ! log=$(mariadbd --defaults-file="$config" --wsrep-recover --skip-networking 2>&1); then
    echo "$log" | tail -n 40 >&2
    say "InnoDB could not be opened to read the position. If its files are damaged, remove this member's volume: it then takes all data from another member."
    exit 1
  fi
  position=$(echo "$log" | sed -n 's/.*WSREP: Recovered position:[[:space:]]*//p' | tail -n 1)
  say "recovered position ${position:-unknown}"
fi
wait
exec mariadbd --defaults-file="$config" "$transfer" ${position:+--wsrep-start-position="$position"}

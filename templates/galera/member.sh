#!/bin/sh
# Main process of a member. While the token of the bootstrap job lies in its volume, which is until it was Synced and
# Primary for the first time (galera-health takes the token away), it starts a cluster. After that its watcher says
# whether it joins or starts one: docs/galera.md.
set -eu
volume=/var/lib/mysql
data=$volume/data
token=$volume/bootstrap-token
config=/holdfast/galera.cnf
state=$data/grastate.dat
view=$data/gvwstate.dat
promise=$volume/promise
# The view of the last crash, kept because Galera removes its own file also where a start came into no component.
last_view=$volume/last-view
# There while this member takes, or took when it was cut, all data from another one.
receiving=$volume/receiving
# There while what lies in the data directory is being deleted: a rest of it is no data.
clearing=$volume/clearing
waiting=/run/mysqld/waiting

say() { echo "holdfast: $*" >&2; }
answers() { timeout 1 bash -c "exec 3<>/dev/tcp/$1/4567" 2>/dev/null; }

if [ -e "$volume/incomplete" ]; then
  say "the bootstrap job did not come to its end, so this data directory is not usable. Run \`pulumi up\` again: it repeats the job."
  exit 1
fi
# Only a member that closed its group in good order removes its view.
crashed=false
if [ -e "$view" ]; then
  crashed=true
  cp "$view" "$last_view.new"
  sync "$last_view.new"
  mv "$last_view.new" "$last_view"
fi
rm -rf "$volume/tmp"
mkdir -p "$data" "$volume/tmp"
# The answerer has the volume read-only, to see how much is free, and is in group 0 too: the data is none of its
# business.
chmod 0700 "$data"

# A state transfer deletes the old data first. Where it was cut after that, what lies there is neither old nor new and
# would stop every later start. Before that point the old data is whole and is kept: it may be all that is left.
if [ -e "$clearing" ] || [ -e "$data/.sst" ] || { [ -e "$data/sst_in_progress" ] && { [ ! -e "$data/ibdata1" ] || [ "${HOLDFAST_SST:-}" = rsync ]; }; }; then
  say "clearing the rest of a state transfer that was cut, or of what is thrown away: the member takes all data anew"
  : >"$receiving"
  : >"$clearing"
  sync "$receiving" "$clearing" "$volume"
  find "$data" -mindepth 1 -delete
  sync -f "$data"
  rm -f "$clearing"
fi
rm -f "$data/sst_in_progress" "$data/wsrep_sst.pid" "$data/rsync_sst.pid" "$data/rsync_sst_complete"

# Every start listens for a state transfer on another port: a donor that was left behind by a start that died would
# otherwise send its stream into this one.
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
  : >/run/mysqld/started
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

# On the disk before anybody hears of it. FILE TEXT
keep() {
  printf '%s\n' "$2" >"$1.new" && sync "$1.new" && mv "$1.new" "$1" && sync "$volume"
}
new_ballot() { ballot=$(cat /proc/sys/kernel/random/uuid); }
first() { head -n 1 "$1" 2>/dev/null || true; }

# What this member has: "uuid:seqno", of Galera's file after an end in good order.
has=$position
if [ -z "$has" ] && [ -e "$data/ibdata1" ]; then
  has=$(sed -n 's/^uuid:[[:space:]]*//p' "$state"):$(sed -n 's/^seqno:[[:space:]]*//p' "$state")
fi
cluster=${has%%:*}
case $cluster in '' | 00000000-*) cluster=- seqno=- position= ;; *) seqno=${has#*:} ;; esac
seqno=${seqno%%,*}

# The last primary component that this member was in, as its database recorded it: "seqno:name,name", and "yes" where it
# crashed in it. Then Galera's file has the same members; it is written a moment earlier, so other members in it are a
# component that this database never got to know: "later".
recorded_view() {
  rm -f "$volume/tmp/view"
  log=$(mariadbd --defaults-file="$config" --bootstrap --wsrep-on=OFF --wsrep-provider=none --skip-networking 2>&1 <<SQL
SELECT CONCAT(c.view_seqno, ':', GROUP_CONCAT(m.node_name ORDER BY m.node_name)), GROUP_CONCAT(m.node_uuid ORDER BY m.node_uuid) INTO OUTFILE '$volume/tmp/view' FROM mysql.wsrep_cluster c JOIN mysql.wsrep_cluster_members m USING (cluster_uuid) GROUP BY c.view_seqno;
SQL
  ) || true
  # Without an answer it is not known what this data is: nobody is to hear of it as data of no component.
  if [ ! -e "$volume/tmp/view" ]; then
    echo "$log" | tail -n 20 >&2
    return 1
  fi
  recorded=$(first "$volume/tmp/view")
  last=$(echo "$recorded" | cut -f1)
  last=${last:--}
  ids=$(sed -n 's/^member: \([^ ]*\).*/\1/p' "$last_view" 2>/dev/null | sort | paste -sd, -)
  [ -z "$ids" ] || crashed_in_it=later
  [ -z "$ids" ] || [ "$ids" != "$(echo "$recorded" | cut -f2)" ] || crashed_in_it=yes
}

# What the watcher says: `galera-door` gives its line.
ask() { # ask WORD
  galera-door "$1 ballot=$ballot cluster=$cluster seqno=$seqno view=$last crashed=$crashed_in_it receiving=$([ ! -e "$receiving" ] || echo yes) home=$(first "$volume/home") promise=$(first "$promise" | cut -d' ' -f1) seen=$(first "$promise" | cut -d' ' -sf2) recoveries=$(first "$volume/recoveries")" || echo "wait its watcher does not answer"
}

new_ballot
# Where the others run, which is nearly always, nothing has to be read first.
last=-
crashed_in_it=no
how=ask
logged=
while :; do
  answer=$(ask "$how")
  word=${answer%% *}
  rest=${answer#* }
  case $word in
    join | start)
      keep "$volume/recoveries" "$rest"
      break
      ;;
    promise)
      keep "$promise" "$rest" && continue
      answer="cannot promise to wait for ${rest%% *}: its volume cannot be written"
      ;;
    withdraw)
      rm -f "$promise"
      sync "$volume"
      new_ballot
      continue
      ;;
    clear)
      say "its data is thrown away, as an operator said: it takes all data from another member"
      : >"$clearing"
      sync "$clearing" "$volume"
      rm -f "$promise" "$volume/home" "$last_view"
      exec "$0"
      ;;
  esac
  if [ "$answer" != "$logged" ]; then
    say "$answer"
    logged=$answer
  fi
  echo "$answer" >"$waiting"
  # Who is fenced is heard of too: a person is to be shown why, and may say that its data is thrown away.
  if [ "$how" = ask ] && [ "$answer" != "wait its watcher does not answer" ]; then
    if [ "$cluster" = - ] || recorded_view; then
      how=hold
      continue
    fi
    say "its last component cannot be read from its database; trying again"
    echo "wait its last component cannot be read from its database" >"$waiting"
    sleep 3
    continue
  fi
  sleep 0.3
done
rm -f "$waiting"
[ "$cluster" != - ] || : >"$receiving"
sync "$volume"
say "$word"
echo "$word" >/run/mysqld/started
# Galera restores the component of its file by itself once all who were in it are there, whether or not those run who
# were said to. Where the database has not recorded it too, somebody who left just before may have acknowledged what
# they lack; one of a single member needs nobody else. What the file says is kept.
[ "$crashed_in_it" = yes ] && [ "$(grep -c '^member:' "$view" 2>/dev/null)" != 1 ] || rm -f "$view"
if [ "$word" = start ]; then
  rm -f "$view"
  [ ! -e "$state" ] || sed -i 's/^safe_to_bootstrap:.*/safe_to_bootstrap: 1/' "$state"
  exec mariadbd --defaults-file="$config" "$transfer" ${position:+--wsrep-start-position="$position"} --wsrep-new-cluster
fi
exec mariadbd --defaults-file="$config" "$transfer" ${position:+--wsrep-start-position="$position"}

#!/bin/sh
# Exit code 0: Synced in the primary component, and no longer able to start a cluster of its own.
tab=$(printf '\t')
volume=/var/lib/mysql
# Not what the start runs to read the position: that has no such mark yet.
ending=/run/mysqld/ending
end_daemon() {
  [ -e /run/mysqld/started ] && [ ! -e $ending ] || return 0
  : >$ending
  # One that has no socket yet has served nobody since its start. In a state transfer whose donor is dead it would hear
  # SIGTERM only when another one comes.
  if [ -S /run/mysqld/mysqld.sock ]; then pkill -TERM -x mariadbd; else pkill -KILL -x mariadbd; fi
}
# Who was told 20 s ago and has not ended hangs, whatever is so by now.
if [ -e $ending ] && [ $(($(date +%s) - $(stat -c %Y $ending))) -ge 20 ]; then
  echo "holdfast: MariaDB was told to end 20 s ago and has not: killing it" | tee /proc/1/fd/2
  pkill -KILL -x mariadbd
  exit 1
fi
# The watcher knows when this member is to wait with the others, instead of staying in no primary component.
door=
if [ ! -e /run/garbd/state ]; then
  door=$(galera-door "health recoveries=$(head -n 1 $volume/recoveries 2>/dev/null) began=$(head -n 1 /run/mysqld/started 2>/dev/null)" 2>/dev/null || true)
fi
case $door in
  "end "*)
    echo "holdfast: ${door#end }: ending MariaDB, which then waits with the others" | tee /proc/1/fd/2
    end_daemon
    ;;
esac
out=$(galera-state 2>&1) || { echo "no answer: $out"; exit 1; }
free=$(echo "$out" | sed -n "s/^disk_free_kib$tab//p")
# An arbitrator has no disk. The limit is components/galera/state.ts's.
[ "${free:-999999}" -ge 16384 ] || { echo "disk full: $free KiB are free"; echo "$out"; exit 1; }
# The group has put it out, because a write-set that the others applied failed here; a full disk does that. Nothing but
# a new start brings it back, with all data from another member.
case $out in
  *"wsrep_local_state_comment${tab}Inconsistent"*)
    echo "holdfast: inconsistent, so out of the cluster for good: ending MariaDB, which joins anew when it starts" | tee /proc/1/fd/2
    end_daemon
    ;;
  # It was evicted though it lives. Seen twice, a second apart: a start passes through this state.
  *"wsrep_cluster_status${tab}Disconnected"*)
    sleep 1
    case $(galera-state 2>&1) in
      *"wsrep_cluster_status${tab}Disconnected"*)
        echo "holdfast: evicted from the cluster: ending MariaDB, which joins again when it starts" | tee /proc/1/fd/2
        end_daemon
        ;;
    esac
    ;;
esac
must() {
  case "
$out
" in
  *"
$1$tab$2
"*) ;;
  *) echo "$1 is not $2"; echo "$out"; exit 1 ;;
  esac
}
must wsrep_local_state_comment Synced
must wsrep_cluster_status Primary
must wsrep_ready ON
token=$volume/bootstrap-token
if [ -e $token ]; then
  rm -f $token && sync /var/lib/mysql || { echo "the bootstrap token cannot be removed"; exit 1; }
fi
# What a start after a full outage needs: the proof that this data is this cluster's. Kept before the member counts as
# healthy for the first time.
keep() { [ "$(head -n 1 "$1" 2>/dev/null)" = "$2" ] || { echo "$2" >"$1.new" && sync "$1.new" && mv "$1.new" "$1" && sync $volume; }; }
if [ ! -e /run/garbd/state ]; then
  rm -f $volume/receiving $volume/promise $volume/last-view
  case $door in
    "ok -") [ -e $volume/home ] || { echo "its watcher does not know its cluster yet"; exit 1; } ;;
    "ok "*)
      keep $volume/home "${door#ok }" || { echo "nothing can be kept in the volume"; exit 1; }
      ;;
    *) [ -e $volume/home ] || { echo "its watcher does not answer"; exit 1; } ;;
  esac
fi
echo "Synced, Primary"

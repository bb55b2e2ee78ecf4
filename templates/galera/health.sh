#!/bin/sh
# Exit code 0: Synced in the primary component, and no longer able to start a cluster of its own.
tab=$(printf '\t')
out=$(galera-state 2>&1) || { echo "no answer: $out"; exit 1; }
# A member that was evicted though it lives has left the group for good, with its process up. It ends itself, and the platform starts it
# again. Seen twice, a second apart: a start passes through this state. Its own uid is enough to do that.
case "$out" in
  *"wsrep_cluster_status${tab}Disconnected"*)
    sleep 1
    case "$(galera-state 2>&1)" in
      *"wsrep_cluster_status${tab}Disconnected"*)
        pkill -TERM -x mariadbd || true
        echo "out of the group: mariadbd is stopped, to be started again" ;;
    esac
    exit 1 ;;
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
token=/var/lib/mysql/bootstrap-token
if [ -e $token ]; then
  rm -f $token && sync /var/lib/mysql || { echo "the bootstrap token cannot be removed"; exit 1; }
fi
echo "Synced, Primary"

#!/bin/sh
# Exit code 0: Synced in the primary component, and no longer able to start a cluster of its own.
tab=$(printf '\t')
out=$(galera-state 2>&1) || { echo "no answer: $out"; exit 1; }
free=$(echo "$out" | sed -n "s/^disk_free_kib$tab//p")
# An arbitrator has no disk. The limit is lib/state/galera.ts's.
[ "${free:-999999}" -ge 16384 ] || { echo "disk full: $free KiB are free"; echo "$out"; exit 1; }
# The group has put it out, because a write-set that the others applied failed here; a full disk does that. Nothing but a new start brings
# it back, with all data from another member.
case $out in
  *"wsrep_local_state_comment${tab}Inconsistent"*)
    echo "holdfast: inconsistent, so out of the cluster for good: ending MariaDB, which joins anew when it starts" | tee /proc/1/fd/2
    pkill -TERM -x mariadbd
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
token=/var/lib/mysql/bootstrap-token
if [ -e $token ]; then
  rm -f $token && sync /var/lib/mysql || { echo "the bootstrap token cannot be removed"; exit 1; }
fi
echo "Synced, Primary"

#!/bin/sh
# Prints how this member stands in its cluster: one name and value a line, separated by a tab.
if [ -e /run/garbd/state ]; then
  # The file outlives garbd; the process must be there as well.
  pgrep -x garbd >/dev/null || { echo "garbd is not running" >&2; exit 1; }
  cat /run/garbd/state
else
  printf 'disk_free_kib\t%s\n' "$(df -Pk /var/lib/mysql | awk 'END {print $4}')"
  [ -e /var/lib/mysql/bootstrap-token ] && printf 'bootstrap_token\tON\n'
  # It waits for its watcher's word: MariaDB is not started yet.
  if [ -e /run/mysqld/waiting ]; then
    printf 'waiting\t%s\n' "$(cat /run/mysqld/waiting)"
    exit 1
  fi
  timeout 4 mariadb --no-defaults --socket=/run/mysqld/mysqld.sock --connect-timeout=2 -N -B -e "SHOW GLOBAL STATUS WHERE Variable_name IN \
('wsrep_local_state','wsrep_local_state_comment','wsrep_cluster_status','wsrep_cluster_size','wsrep_ready','wsrep_last_committed',\
'wsrep_cluster_state_uuid','wsrep_gcomm_uuid','wsrep_flow_control_paused','Threads_connected','Uptime')" || exit $?
fi
# What the watcher has done. Nothing where it does not answer: it is no part of the member's health.
[ -z "${HOLDFAST_WATCHER:-}" ] || timeout 1 bash -c "exec 3<>/dev/tcp/$HOLDFAST_WATCHER && echo state >&3 && cat <&3" 2>/dev/null || true

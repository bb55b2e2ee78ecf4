#!/bin/sh
# The arbitrator: a vote without data. garbd has no port to ask, so what it logs about its group is kept as a small
# file.
set -eu
run=/run/garbd
rm -f $run/log $run/state
mkfifo -m 0600 $run/log
# The follower passes the log on and writes the state file whole, by rename.
awk -v file=$run/state '
  function save() {
    printf "wsrep_local_state_comment\t%s\nwsrep_cluster_status\t%s\nwsrep_cluster_size\t%s\nwsrep_ready\t%s\n", state, status, size, state == "Synced" && status == "Primary" ? "ON" : "OFF" > (file ".new")
    close(file ".new"); system("mv " file ".new " file)
  }
  BEGIN { state = "Joining"; status = "unknown"; size = 0; save() }
  { print; fflush() }
  # Alone it has a majority of nobody, and stands in the way of members that start the cluster anew.
  /New COMPONENT: primary = yes.*memb_num = 1$/ { print "holdfast: alone: ending garbd, which joins again when it starts"; fflush(); system("pkill -TERM -x garbd") }
  /New COMPONENT: primary = / { status = /primary = yes/ ? "Primary" : "non-Primary"; if (match($0, /memb_num = [0-9]+/)) size = substr($0, RSTART + 11, RLENGTH - 11); save() }
  /Shifting [A-Z\/]+ -> / { n = split($0, part, " -> "); split(part[n], word, " "); state = word[1] == "SYNCED" ? "Synced" : word[1]; save() }
' <$run/log &
exec garbd --cfg /holdfast/garbd.cnf >$run/log 2>&1

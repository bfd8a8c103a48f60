#!/usr/bin/env bash
# Runs the shards of a sweep with GNU parallel, over ssh if there are hosts, and gathers them:
#
#     scenarios/cluster/parallel.sh SWEEP SHARDS [RESULTS]
#
# HOSTS is a list as --sshlogin of parallel takes it, for example 8/node1,16/node2 for so many shards
# at a time (default: this machine). The current folder must be one that all hosts share under one
# path. A second call runs only what is missing. HERDSIM is the program.
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }

sweep=$1 results=${3:-results/cluster} herdsim=${HERDSIM:-herdsim}

# A shard whose expectations do not hold ends with status 1. What is missing, gather says.
parallel --will-cite --quote --sshlogin "${HOSTS:-:}" --workdir "$PWD" \
  "$herdsim" run "$sweep" --shard "{}/$2" --jobs 1 --quiet --resume --out "$results.shards/{}" \
  ::: $(seq "$2") || echo "some shards did not end with status 0" >&2

"$herdsim" gather --out "$results" "$results".shards/*/

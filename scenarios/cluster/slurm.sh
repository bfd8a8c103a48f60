#!/usr/bin/env bash
# Runs a sweep as a Slurm array, and gathers its shards in a job that waits for all of them:
#
#     scenarios/cluster/slurm.sh SWEEP SHARDS [RESULTS]
#
# Prints the number of the job that gathers. The folder RESULTS (default: results/cluster) must be one
# that all nodes share. A task that Slurm starts again, because its node was lost, goes on where it
# was. CPUS is the number of processors of a task (default: 1), HERDSIM the program.
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }

export SWEEP=$1 RESULTS=${3:-results/cluster} HERDSIM=${HERDSIM:-herdsim} CPUS=${CPUS:-1}
mkdir -p "$RESULTS.shards"

array=$(sbatch --parsable --export=ALL --job-name=herdsim --array="1-$2" --cpus-per-task="$CPUS" --requeue \
  --open-mode=append --output="$RESULTS.shards/%a.log" <<'JOB'
#!/bin/sh
exec "$HERDSIM" run "$SWEEP" --shard auto --jobs "$CPUS" --quiet --resume \
  --out "$RESULTS.shards/$SLURM_ARRAY_TASK_ID"
JOB
)

# After all tasks, however they ended: what is missing is then named.
sbatch --parsable --export=ALL --job-name=herdsim-gather --dependency="afterany:$array" \
  --output="$RESULTS.shards/gather.log" <<'JOB'
#!/bin/sh
exec "$HERDSIM" gather --out "$RESULTS" "$RESULTS".shards/*/
JOB

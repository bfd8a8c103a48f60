// The columns of summary.csv: what the results writer writes and what `expect` may name.
#pragma once

#include <array>
#include <string_view>

namespace sim {

struct SummaryColumn {
  std::string_view name;
  bool numeric;  // an expectation can compare it
};

inline constexpr std::array kSummaryColumns = {
    SummaryColumn{"scenario", false},
    SummaryColumn{"herd", false},
    SummaryColumn{"engine", false},
    SummaryColumn{"clock", false},
    SummaryColumn{"seed", true},
    SummaryColumn{"servers", true},
    SummaryColumn{"links", true},
    SummaryColumn{"propagation", false},
    SummaryColumn{"recovery", false},
    SummaryColumn{"clients", true},
    SummaryColumn{"updates", true},
    SummaryColumn{"accepted", true},
    SummaryColumn{"deliveries", true},
    SummaryColumn{"undelivered", true},
    SummaryColumn{"messages", true},
    SummaryColumn{"messages_per_update", true},
    SummaryColumn{"duplicates", true},
    SummaryColumn{"duplicates_per_update", true},
    SummaryColumn{"echoes", true},
    SummaryColumn{"stale", true},
    SummaryColumn{"lost", true},
    SummaryColumn{"redundancy", true},
    SummaryColumn{"bytes", true},
    SummaryColumn{"covered", true},
    SummaryColumn{"propagation_p50_us", true},
    SummaryColumn{"propagation_p90_us", true},
    SummaryColumn{"propagation_p99_us", true},
    SummaryColumn{"propagation_max_us", true},
    SummaryColumn{"coverage_p50_us", true},
    SummaryColumn{"coverage_p99_us", true},
    SummaryColumn{"coverage_max_us", true},
    SummaryColumn{"reply_p50_us", true},
    SummaryColumn{"reply_p99_us", true},
    SummaryColumn{"reply_max_us", true},
    SummaryColumn{"queries", true},
    SummaryColumn{"query_errors", true},
    SummaryColumn{"query_p50_us", true},
    SummaryColumn{"query_p99_us", true},
    SummaryColumn{"handovers", true},
    SummaryColumn{"handover_p50_us", true},
    SummaryColumn{"link_drops", true},
    SummaryColumn{"converged", true},
    SummaryColumn{"violations", true},
    SummaryColumn{"cpu_s", true},
    SummaryColumn{"rss_mib", true},
    SummaryColumn{"wall_s", true},
    SummaryColumn{"deliveries_again", true},
    SummaryColumn{"repairs", true},
    SummaryColumn{"sync_bytes", true},
    SummaryColumn{"handovers_stale", true},
    SummaryColumn{"staleness_p50_us", true},
    SummaryColumn{"staleness_max_us", true},
    SummaryColumn{"server_restarts", true},
    SummaryColumn{"connections_lost", true},
    SummaryColumn{"wrong_records", true},
    SummaryColumn{"updates_per_s", true},
    SummaryColumn{"observed", false},
    SummaryColumn{"replies", true},
    SummaryColumn{"odd_replies", true},
    SummaryColumn{"refusals", true},
    SummaryColumn{"closings", true},
    SummaryColumn{"silences", true},
};

}  // namespace sim

// The columns of summary.csv, in the order in which they are written. Each is described here and
// nowhere else: the results writer, the table that a run prints, `expect`, sweeps and the swarm
// read these rows, and a test compares results/README.md with them. To add a column, add its row
// at the end and set its cell in sim/measure/metrics/summary_row.cpp.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "sim/script/spec/column_kind.h"

namespace sim {

enum class Better { kNeither, kLower, kHigher };

// How the table that a run prints at its end shows a column.
struct ShownColumn {
  std::string_view label;         // in front of a row; "" leaves the column out of the table
  std::string_view head;          // above a column, if herds are rows, and in a sweep's table
  int place = 0;                  // a column with a smaller number comes first
  bool rare = false;              // shown only if some herd has something other than 0
  std::string_view same_as = "";  // a column: shown only if some herd has something else there
};

struct SummaryColumn {
  std::string_view name;
  ColumnKind kind;
  Better better;                     // of two figures for the same scenario
  std::string_view meaning;          // as results/README.md says it
  std::string_view empty_when = "";  // likewise
  ShownColumn shown = {};
  bool of_machine = false;  // may differ between two virtual runs of the same scenario and seed

  // Whether `expect` can compare it.
  constexpr bool numeric() const { return kind != ColumnKind::kText; }
};

inline constexpr auto kSummaryColumns = [] {
  using enum ColumnKind;
  using enum Better;
  constexpr bool kRare = true, kOfMachine = true;
  constexpr ShownColumn kNotShown;
  constexpr auto shown = [](std::string_view label, std::string_view head, int place,
                            bool rare = false) {
    return ShownColumn{label, head, place, rare};
  };
  // Name, kind, which is better, meaning; then, if needed: when it is empty, how it is shown.
  return std::to_array<SummaryColumn>({
      {"scenario", kText, kNeither, "the scenario's name"},
      {"herd", kText, kNeither, "the herd's name"},
      {"engine", kText, kNeither,
       "what ran the servers: `native`, `central`, or the `name` of an external herd's engine"},
      {"clock", kText, kNeither, "`live` or `virtual`"},
      {"seed", kCount, kNeither, "the seed of every random choice"},
      {"servers", kCount, kNeither, "servers of the herd", "", shown("servers", "servers", 20)},
      {"links", kCount, kNeither, "links of the herd, each counted once for both directions", "",
       shown("links", "links", 30)},
      {"propagation", kText, kNeither, "how updates travel, as `flood-echo`", "",
       shown("propagation", "scheme", 10)},
      {"recovery", kText, kNeither, "how servers synchronize after a fault: `none` or `sync`"},
      {"clients", kCount, kNeither, "clients that took part, including those of bursts"},
      {"updates", kCount, kNeither,
       "updates that clients sent; one that still waited for its turn at the end was not sent", "",
       shown("updates", "updates", 40)},
      {"accepted", kCount, kHigher, "updates that were accepted", "",
       shown("accepted", "accepted", 50)},
      {"deliveries", kCount, kHigher,
       "updates applied for the first time at a server other than their origin"},
      {"undelivered", kCount, kLower,
       "pairs of an accepted update and a server that is up at the end, if the server ends with "
       "neither that record nor a newer one of the client; the herd's own `order` says which is "
       "newer",
       "", shown("undelivered", "undelivered", 130)},
      {"messages", kCount, kLower, "messages handed to links"},
      {"messages_per_update", kRatio, kLower, "`messages` / `accepted`", "nothing was accepted",
       shown("messages per update", "msgs/upd", 60)},
      {"duplicates", kCount, kLower, "messages that were duplicates, including echoes"},
      {"duplicates_per_update", kRatio, kLower, "`duplicates` / `accepted`", "nothing was accepted",
       shown("duplicates per update", "dups/upd", 70)},
      {"echoes", kCount, kLower, "duplicates that were echoes", "", shown("echoes", "echoes", 90)},
      {"stale", kCount, kLower, "messages with an older record than the receiver held", "",
       shown("stale", "stale", 100)},
      {"lost", kCount, kLower, "messages that were handed to a link and never received", "",
       shown("lost", "lost", 120)},
      {"redundancy", kRatio, kLower,
       "over the covered updates: messages per server to be reached (all except the origin), less "
       "1. A perfect tree has 0, the paper's ring of five has 1.5. The Plumtree paper calls it "
       "relative message redundancy",
       "the herd has one server, or nothing was covered", shown("redundancy", "redund", 80)},
      {"bytes", kCount, kLower, "bytes handed to links: messages and everything else"},
      {"covered", kCount, kHigher, "accepted updates that reached every server", "",
       shown("covered", "covered", 150)},
      {"propagation_p50_us", kMicros, kLower, "median latency of the deliveries",
       "no latency of a delivery is known", shown("propagation p50", "prop p50", 160)},
      {"propagation_p90_us", kMicros, kLower, "90th percentile of the latency of the deliveries",
       "no latency of a delivery is known"},
      {"propagation_p99_us", kMicros, kLower, "99th percentile of the latency of the deliveries",
       "no latency of a delivery is known", shown("propagation p99", "prop p99", 170)},
      {"propagation_max_us", kMicros, kLower, "longest latency of a delivery",
       "no latency of a delivery is known", shown("propagation max", "prop max", 180)},
      {"coverage_p50_us", kMicros, kLower, "median coverage of the covered updates",
       "no coverage is known", shown("coverage p50", "cover p50", 190)},
      {"coverage_p99_us", kMicros, kLower, "99th percentile of the coverage of the covered updates",
       "no coverage is known", shown("", "cover p99", 0)},
      {"coverage_max_us", kMicros, kLower, "longest coverage of a covered update",
       "no coverage is known", shown("coverage max", "cover max", 200)},
      {"reply_p50_us", kMicros, kLower, "median reply time of the updates that were answered",
       "nothing was answered", shown("reply p50", "reply p50", 210)},
      {"reply_p99_us", kMicros, kLower, "99th percentile of the reply time of these updates",
       "nothing was answered", shown("reply p99", "reply p99", 220)},
      {"reply_max_us", kMicros, kLower, "longest reply time of an update", "nothing was answered",
       shown("reply max", "reply max", 230)},
      {"queries", kCount, kNeither, "`WHATSAT` lines that clients sent", "",
       shown("queries", "queries", 240, kRare)},
      {"query_errors", kCount, kLower,
       "queries that got no answer, or an answer without places because the command was bad or "
       "Places failed",
       "", shown("query errors", "query errs", 250, kRare)},
      {"query_p50_us", kMicros, kLower, "median reply time of the queries that were answered",
       "no query was answered", shown("query p50", "query p50", 260)},
      {"query_p99_us", kMicros, kLower, "99th percentile of the reply time of these queries",
       "no query was answered", shown("query p99", "query p99", 270)},
      {"handovers", kCount, kNeither, "times that a client left one server for another", "",
       shown("handovers", "handovers", 280)},
      {"handover_p50_us", kMicros, kLower,
       "median time from a client's last answer from its old server to its first answer from the "
       "new one. A client that seldom sends has long ones",
       "no handover has both answers", shown("handover p50", "hand p50", 290)},
      {"link_drops", kCount, kLower, "times that a link that was up went down", "",
       shown("link drops", "drops", 330)},
      {"converged", kYesNo, kHigher,
       "1 if every server that is up at the end holds the same records", "",
       shown("converged", "conv", 430)},
      {"violations", kCount, kLower,
       "broken promises that the checker found; the figures can be trusted only if there are none. "
       "`run.json` lists the first 100",
       "", shown("violations", "violations", 440)},
      {"cpu_s", kSeconds, kLower,
       "processor time, user and system, of the threads that host the herd, from time zero to the "
       "end",
       "several herds share a thread", shown("CPU time", "CPU time", 450), kOfMachine},
      {"rss_mib", kMib, kLower,
       "resident memory of the whole process at the end: the herd, its clients and the "
       "measurements",
       "several herds share the process", shown("memory", "memory", 460), kOfMachine},
      {"wall_s", kSeconds, kLower,
       "from the run's start to its end by the machine's clock, including the drain", "", kNotShown,
       kOfMachine},
      {"deliveries_again", kCount, kLower,
       "updates applied again at a server that had lost them in a restart", "",
       shown("deliveries again", "again", 110, kRare)},
      {"repairs", kCount, kLower, "messages that were repairs", "",
       shown("repairs", "repairs", 410, kRare)},
      {"sync_bytes", kCount, kLower,
       "bytes that the ends of links sent, in both directions, to find out what each lacks; the "
       "repairs themselves are not included",
       "", shown("sync bytes", "sync bytes", 420, kRare)},
      {"handovers_stale", kCount, kLower,
       "handovers to a server that did not hold the client's last accepted location (`known` is 0 "
       "in `handovers.csv`)",
       "not all times of the herd are known", shown("handovers stale", "hand stale", 300, kRare)},
      {"staleness_p50_us", kMicros, kLower,
       "median staleness of the handovers for which it is known; 0 if the new server knew the "
       "location at once",
       "it is known of no handover", shown("staleness p50", "stale p50", 310, kRare)},
      {"staleness_max_us", kMicros, kLower, "longest known staleness of a handover",
       "it is known of no handover", shown("staleness max", "stale max", 320, kRare)},
      {"server_restarts", kCount, kLower, "times that a server came back after it had been down",
       "", shown("server restarts", "restarts", 350, kRare)},
      {"connections_lost", kCount, kLower,
       "connections, and attempts to connect, that clients lost without ending them", "",
       shown("connections lost", "conn lost", 360, kRare)},
      {"wrong_records", kCount, kLower,
       "pairs of a server that is up at the end and a client, if the server does not hold the last "
       "of the client's updates that any server accepted or superseded. The last one is the last "
       "in the client's script, whatever order the herd goes by",
       "", shown("wrong records", "wrong", 140, kRare)},
      {"updates_per_s", kRate, kHigher,
       "updates that were answered, divided by the time from when the first of them was meant to "
       "be sent until the last answer came",
       "fewer than two were answered, or no time passed"},
      {"observed", kText, kNeither,
       "how the herd's figures were obtained. `inside`: its servers reported them as they decided, "
       "as a native herd's do. From outside: seen on its `links`, asked of its servers "
       "(`whatsat`), read in their `log`, or only from the `replies` to clients. It is `replies` "
       "too "
       "if nothing was seen in the way that the scenario asks for; a note says so",
       "", shown("observed by", "observed", 340, kRare)},
      {"replies", kCount, kHigher,
       "lines of clients that were answered with anything except `?` (or what the engine's "
       "`refusal_pattern` matches). An answer that cannot belong to the line counts here and as a "
       "violation"},
      {"odd_replies", kCount, kLower,
       "replies and refusals with the right content in other words than the protocol's; only "
       "servers of other programs send them. Notes show the first three of each herd, with the "
       "words that the protocol has",
       "", shown("odd replies", "odd", 370, kRare)},
      {"refusals", kCount, kLower, "lines that were answered with `?`", "",
       shown("refusals", "refusals", 380, kRare)},
      {"closings", kCount, kLower, "lines whose connection ended before there was a reply", "",
       shown("closings", "closings", 390, kRare)},
      {"silences", kCount, kLower, "lines that got no reply in time or before the run was over", "",
       shown("silences", "silences", 400, kRare)},
      {"control_lines", kCount, kLower,
       "lines that the propagation scheme sent over links beside the messages", "",
       shown("control lines", "control", 421, kRare)},
      {"control_bytes", kCount, kLower, "bytes of these lines, their endings included", "",
       shown("control bytes", "control B", 422, kRare)},
      {"lines", kCount, kLower,
       "lines by which servers sent their messages: with `batch`, one line can be several", "",
       kNotShown},
      {"lines_per_update", kRatio, kLower, "`lines` / `accepted`",
       "nothing was accepted, or its lines are not known",
       ShownColumn{"lines per update", "lines/upd", 65, false, "messages_per_update"}},
      {"replaced", kCount, kNeither,
       "records whose place a newer one of the client took while they waited to be sent", "",
       shown("replaced", "replaced", 423, kRare)},
      {"suppressed", kCount, kNeither,
       "records that waited to be sent to a neighbour that turned out to hold them", "",
       shown("suppressed", "suppressed", 424, kRare)},
      {"dropped", kCount, kLower, "records that waited to be sent when their link went down", "",
       shown("dropped", "dropped", 425, kRare)},
      {"redundancy_last_quarter", kRatio, kLower,
       "`redundancy` over the last quarter of the covered updates, in the order of their "
       "acceptance: how a scheme that learns does in the end",
       "the herd has one server, or nothing was covered", kNotShown},
      {"last_hop_p50", kCount, kLower,
       "median, over the covered updates, of the hops to the server that was the most hops away "
       "by the way that the update took. The Plumtree paper calls it last delivery hop",
       "the herd has one server, or nothing was covered", kNotShown},
      {"last_hop_max", kCount, kLower, "the same, of the update with the most hops",
       "the herd has one server, or nothing was covered", kNotShown},
      {"covered_share", kRatio, kHigher, "`covered` / `accepted`", "nothing was accepted",
       shown("", "cov share", 0)},
      {"superseded_on_way", kCount, kNeither,
       "accepted updates that did not reach every server, although at the end every server that is "
       "up holds them or a newer one of the client. The accepted updates that are neither covered "
       "nor superseded were never delivered to some server",
       "", kNotShown},
  });
}();

// Returns the place of a column in kSummaryColumns and in HerdResults::summary; nullopt if there is
// none of this name.
constexpr std::optional<std::size_t> find_column(std::string_view name) {
  const auto* const at = std::find_if(kSummaryColumns.begin(), kSummaryColumns.end(),
                                      [&](const SummaryColumn& each) { return each.name == name; });
  if (at == kSummaryColumns.end()) return std::nullopt;
  return static_cast<std::size_t>(at - kSummaryColumns.begin());
}

// The same for a name that the program spells out: a misspelt one does not compile.
consteval std::size_t column(std::string_view name) {
  const std::optional<std::size_t> place = find_column(name);
  if (!place) throw "kSummaryColumns has no column of this name";
  return *place;
}

}  // namespace sim

// The columns of timeline.csv, heat.csv and histograms.csv.
#pragma once

#include <array>

#include "sim/measure/results/herd_table.h"

namespace sim {

// A member of the row's latencies.
template <bool (*kKnows)(Observed), BinLatencies TimelineRow::*kOf,
          std::optional<herd::Duration> BinLatencies::*kPart>
void bin_latency(CsvWriter& csv, const HerdRow<TimelineRow>& at) {
  kKnows(at.herd.observed) ? csv.cell(at.row.*kOf.*kPart) : csv.empty();
}
constexpr bool knows_always(Observed) { return true; }

inline constexpr std::string_view kNoDelivery = "no latency of a delivery in the bin is known";
inline constexpr std::string_view kNoReply = "no update was answered in the bin";

inline constexpr auto kTimelineColumns = std::to_array<HerdColumn<TimelineRow>>({
    {"herd", ColumnKind::kText, "the herd", herd_name},
    {"from_us", ColumnKind::kSinceStart, "where the bin begins", member<&TimelineRow::from>},
    {"to_us", ColumnKind::kSinceStart, "where it ends; this moment belongs to the next bin",
     member<&TimelineRow::to>},
    {"accepted", ColumnKind::kCount, "updates that were accepted in it",
     member<&TimelineRow::accepted>},
    {"covered", ColumnKind::kCount, "updates that reached their last server in it",
     member_if<knows_deliveries, &TimelineRow::covered>},
    {"deliveries", ColumnKind::kCount, "deliveries in it",
     member_if<knows_deliveries, &TimelineRow::deliveries>},
    {"messages", ColumnKind::kCount, "messages that were handed to links in it",
     member_if<knows_messages, &TimelineRow::messages>},
    {"duplicates", ColumnKind::kCount, "duplicates that were received in it",
     member_if<knows_messages, &TimelineRow::duplicates>},
    {"echoes", ColumnKind::kCount, "echoes that were received in it",
     member_if<knows_messages, &TimelineRow::echoes>},
    {"stale", ColumnKind::kCount, "stale messages that were received in it",
     member_if<knows_messages, &TimelineRow::stale>},
    {"lost", ColumnKind::kCount,
     "messages that were lost in it: when their link or receiver went down, or at the end of the "
     "run",
     member_if<knows_messages, &TimelineRow::lost>},
    {"repairs", ColumnKind::kCount, "repairs that were sent in it",
     member_if<knows_sync, &TimelineRow::repairs>},
    {"links_down", ColumnKind::kCount,
     "the greatest number of links that were down at once in it; a link that was never up does not "
     "count",
     member_if<knows_links, &TimelineRow::links_down>},
    {"servers_down", ColumnKind::kCount,
     "the greatest number of servers that were down at once in it",
     member_if<knows_restarts, &TimelineRow::servers_down>},
    {"open_updates", ColumnKind::kCount,
     "updates that were accepted by its end and not covered by then, including those that never "
     "are",
     member_if<knows_deliveries, &TimelineRow::open_updates>},
    {"propagation_p50_us", ColumnKind::kMicros, "median latency of the deliveries in it",
     bin_latency<knows_deliveries, &TimelineRow::propagation, &BinLatencies::p50>, kNoDelivery},
    {"propagation_p99_us", ColumnKind::kMicros, "99th percentile of the same",
     bin_latency<knows_deliveries, &TimelineRow::propagation, &BinLatencies::p99>, kNoDelivery},
    {"propagation_max_us", ColumnKind::kMicros, "the greatest of them, exactly",
     bin_latency<knows_deliveries, &TimelineRow::propagation, &BinLatencies::max>, kNoDelivery},
    {"reply_p50_us", ColumnKind::kMicros, "median reply time of the updates answered in it",
     bin_latency<knows_always, &TimelineRow::reply, &BinLatencies::p50>, kNoReply},
    {"reply_p99_us", ColumnKind::kMicros, "99th percentile of the same",
     bin_latency<knows_always, &TimelineRow::reply, &BinLatencies::p99>, kNoReply},
    {"reply_max_us", ColumnKind::kMicros, "the greatest of them, exactly",
     bin_latency<knows_always, &TimelineRow::reply, &BinLatencies::max>, kNoReply},
});

inline constexpr auto kHeatColumns = std::to_array<HerdColumn<HeatRow>>({
    {"herd", ColumnKind::kText, "the herd", herd_name},
    {"from_us", ColumnKind::kSinceStart, "where the slice begins", member<&HeatRow::from>},
    {"to_us", ColumnKind::kSinceStart, "where it ends; this moment belongs to the next slice",
     member<&HeatRow::to>},
    {"least_us", ColumnKind::kMicros, "the least latency of the class", member<&HeatRow::least>},
    {"upto_us", ColumnKind::kMicros, "the greatest latency of the class", member<&HeatRow::upto>},
    {"count", ColumnKind::kCount, "deliveries in the slice whose latencies are in the class",
     member<&HeatRow::count>},
});

inline constexpr auto kHistogramColumns = std::to_array<HerdColumn<HistogramRow>>({
    {"herd", ColumnKind::kText, "the herd", herd_name},
    {"metric", ColumnKind::kText,
     "`propagation`: latencies of deliveries; `coverage`; `reply`: reply times of updates; "
     "`query`: those of queries; `staleness`",
     member<&HistogramRow::metric>},
    {"upto_us", ColumnKind::kMicros,
     "the greatest value that falls into the bucket; in the last bucket of a metric, the greatest "
     "value that there was",
     member<&HistogramRow::upto>},
    {"count", ColumnKind::kCount, "how many values fell into the bucket",
     member<&HistogramRow::count>},
});

}  // namespace sim

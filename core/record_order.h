// The first criterion of "newest wins" for the reports of one client: the client's clock, or the
// clocks of the servers that heard it. All servers of a herd must use the same order.
#pragma once

#include <compare>
#include <optional>
#include <string_view>

#include "core/record.h"
#include "core/time.h"

namespace herd {

enum class RecordOrder {
  kClientTime,  // the time that the client wrote; the paper's order
  // The time on the server's clock when it heard the report. This order is wrong if two clocks
  // differ by more than a client needs to go from one server to the other. It exists for comparison
  // only.
  kServerTime,
};

// Returns the name in scenario files.
std::string_view to_string(RecordOrder order);
std::optional<RecordOrder> record_order_from(std::string_view name);

// Returns the time on the server's clock in nanoseconds: the report's time plus its skew. A value
// outside [0, 2^63 - 1] counts as the nearer bound. Precondition: is_skew(report.skew).
PosixNs server_time(const RecordView& report);

// Returns the time by which the report is ordered first. Precondition for kServerTime:
// is_skew(report.skew).
inline PosixNs order_time(RecordOrder order, const RecordView& report) {
  return order == RecordOrder::kClientTime ? report.time_ns : server_time(report);
}

// Orders by order_time(), then as compare(a, b). Equal means the same report.
std::strong_ordering compare(RecordOrder order, const RecordView& a, const RecordView& b);

}  // namespace herd

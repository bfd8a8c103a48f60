// By what "newest wins" orders the reports of one client: its own clock, or the clocks of the
// servers that heard it. All servers of a herd must have the same order.
#pragma once

#include <compare>
#include <optional>
#include <string_view>

#include "core/record.h"
#include "core/time.h"

namespace herd {

enum class RecordOrder {
  kClientTime,  // the time that the client wrote: the paper's
  // What the server's clock showed when it heard the report. Wrong as soon as two clocks differ by
  // more than it takes a client to go from one server to the other: for comparison only.
  kServerTime,
};

// As scenario files name it.
std::string_view to_string(RecordOrder order);
std::optional<RecordOrder> record_order_from(std::string_view name);

// What the server's clock showed: the report's time and its skew, to the nanosecond, in
// [0, 2^63 - 1] (what lies beyond counts as that end). Precondition: is_skew(report.skew).
PosixNs server_time(const RecordView& report);

// What reports are ordered by first. Precondition, of kServerTime: is_skew(report.skew).
inline PosixNs order_time(RecordOrder order, const RecordView& report) {
  return order == RecordOrder::kClientTime ? report.time_ns : server_time(report);
}

// By order_time(), then as compare(a, b). Equal means the same report.
std::strong_ordering compare(RecordOrder order, const RecordView& a, const RecordView& b);

}  // namespace herd

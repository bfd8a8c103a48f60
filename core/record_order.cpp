#include "core/record_order.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "core/fields.h"

namespace herd {

std::string_view to_string(RecordOrder order) {
  switch (order) {
    case RecordOrder::kClientTime:
      return "client-time";
    case RecordOrder::kServerTime:
      return "server-time";
  }
  return "";
}

std::optional<RecordOrder> record_order_from(std::string_view name) {
  for (const RecordOrder each : {RecordOrder::kClientTime, RecordOrder::kServerTime}) {
    if (name == to_string(each)) return each;
  }
  return std::nullopt;
}

PosixNs server_time(const RecordView& report) {
  constexpr PosixNs kLast = std::numeric_limits<PosixNs>::max();
  // After its sign, a skew has the form of a time. A skew that does not fit is greater than any
  // time.
  const PosixNs off = scan_time(report.skew.substr(1)).value_or(kLast);
  if (report.skew.front() == '-') return std::max<PosixNs>(report.time_ns - off, 0);
  return off > kLast - report.time_ns ? kLast : report.time_ns + off;
}

std::strong_ordering compare(RecordOrder order, const RecordView& a, const RecordView& b) {
  const auto by_time = order_time(order, a) <=> order_time(order, b);
  return by_time != 0 ? by_time : compare(a, b);
}

}  // namespace herd

#include "core/record.h"

namespace herd {

std::strong_ordering compare(const RecordView& a, const RecordView& b) {
  if (const auto order = a.time_ns <=> b.time_ns; order != 0) return order;
  if (const auto order = a.location <=> b.location; order != 0) return order;
  if (const auto order = a.server <=> b.server; order != 0) return order;
  if (const auto order = a.time <=> b.time; order != 0) return order;
  return a.skew <=> b.skew;
}

bool repeats(const RecordView& report, const RecordView& held) {
  return report.time_ns == held.time_ns && report.location == held.location &&
         report.server == held.server;
}

void Record::assign(const RecordView& report) {
  line_.assign(report.line);
  server_ = span_of(report, report.server);
  skew_ = span_of(report, report.skew);
  client_ = span_of(report, report.client);
  location_ = span_of(report, report.location);
  time_ = span_of(report, report.time);
  time_ns_ = report.time_ns;
}

RecordView Record::view() const {
  return {line_, text(server_), text(skew_), text(client_), text(location_), text(time_), time_ns_};
}

Record::Span Record::span_of(const RecordView& report, std::string_view field) const {
  return {static_cast<std::uint16_t>(field.data() - report.line.data()),
          static_cast<std::uint16_t>(field.size())};
}

}  // namespace herd

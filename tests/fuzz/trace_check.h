// A trace file of any format: it is refused in words, or it is a trace, and then the trace that
// herdsim writes of it is the same.
#pragma once

#include <cmath>
#include <string>

#include "sim/script/traces/csv_trace.h"
#include "sim/script/traces/parse_trace.h"
#include "tests/fuzz/fuzz.h"

namespace herd::fuzz {

inline bool is_near(double a, double b) {
  constexpr double kLastDecimal = 1e-9;
  return std::abs(a - b) <= kLastDecimal;
}

inline void check_same(const sim::TraceClient& a, const sim::TraceClient& b) {
  require_equal(b.id, a.id, "a client's id");
  require(a.samples.size() == b.samples.size(), "a client's samples");
  for (std::size_t i = 0; i < a.samples.size(); ++i) {
    require(a.samples[i].at == b.samples[i].at, "a sample's time");
    require(is_near(a.samples[i].point.lat, b.samples[i].point.lat) &&
                is_near(a.samples[i].point.lon, b.samples[i].point.lon),
            "a sample's place");
  }
}

inline void check_trace(std::string_view text) {
  const auto trace = sim::parse_trace(text);
  if (!trace) {
    require(!trace.error().empty(), "a refusal has a reason");
    for (const sim::TraceProblem& each : trace.error()) {
      require(each.line >= 1, "a problem has a line", each.wrong);
      require((each.what + each.wrong + each.right).find('\n') == std::string::npos,
              "a problem is one line", each.wrong);
    }
    return;
  }
  require(!trace->clients.empty(), "a trace has a client");
  bool has_ids = true;
  std::string csv;
  sim::append_csv_trace_header(csv);
  for (const sim::TraceClient& client : trace->clients) {
    require(!client.samples.empty(), "a client has a sample");
    herd::Duration last{0};
    for (const sim::TrackPoint& sample : client.samples) {
      require(sample.at >= last && sample.at <= sim::kMaxTraceTime, "times do not go back");
      require(std::abs(sample.point.lat) <= 90 && std::abs(sample.point.lon) <= 180,
              "places are on the Earth");
      last = sample.at;
    }
    // A GPX track may have no name, and several tracks may have the same one.
    has_ids = has_ids && !client.id.empty() && trace->find(client.id) == &client;
    sim::append_csv_trace(csv, client);
  }
  if (!has_ids) return;
  const auto again = sim::parse_trace(csv);
  require(again.ok(), "what herdsim writes is a trace", again ? "" : csv);
  require(again->clients.size() == trace->clients.size(), "it has the same clients", csv);
  for (std::size_t i = 0; i < trace->clients.size(); ++i) {
    check_same(trace->clients[i], again->clients[i]);
  }
}

}  // namespace herd::fuzz

// Traces as GPX 1.0 or 1.1 (https://www.topografix.com/GPX/1/1/). Each `trk` is a client with the
// track's `name` as its id; its segments follow one another. Waypoints and routes are ignored,
// because they have no times.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "sim/script/traces/trace_builder.h"
#include "sim/script/traces/trace_data.h"
#include "sim/script/traces/xml_reader.h"

namespace sim {

// The run's start in the files that herdsim writes: 2000-01-01T00:00:00Z.
inline constexpr herd::PosixNs kGpxEpoch = 946'684'800'000'000'000;

// Reads a `gpx` element, without what is in other namespaces.
class GpxTraceReader : public XmlHandler {
 public:
  explicit GpxTraceReader(TraceBuilder& builder) : builder_(builder) {}

  void begin_element(const XmlElement& element) override;
  void end_element(std::string_view name) override;
  void add_text(std::string_view text) override;
  // Passes the samples to the builder. Must be called after the last element.
  void finish();

 private:
  struct Sample {
    std::size_t track = 0;
    std::size_t line = 1;
    herd::PosixNs time = 0;
    herd::GeoPoint point;
  };

  void end_point();

  TraceBuilder& builder_;
  std::vector<std::string> open_;    // the elements that have begun but not ended
  std::vector<std::string> tracks_;  // their names
  std::vector<Sample> samples_;
  Sample sample_;           // the `trkpt` that is being read
  bool has_point_ = false;  // whether its location is valid
  std::string time_;        // its `time`, as written
};

void append_gpx_trace_header(std::string& out, std::string_view name);
// Appends a client's track. Times have nine decimals of a second, locations nine of a degree (0.1
// mm).
void append_gpx_trace(std::string& out, const TraceClient& client);
void append_gpx_trace_footer(std::string& out);

}  // namespace sim

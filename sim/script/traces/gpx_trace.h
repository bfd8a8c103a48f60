// Traces as GPX 1.1 (https://www.topografix.com/GPX/1/1/): each `trk` is a client, called by its
// `name`, whose segments follow each other. Way-points and routes, which have no times, are left
// out.
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

// The run's start in files that are written: 2000-01-01T00:00:00Z.
inline constexpr herd::PosixNs kGpxEpoch = 946'684'800'000'000'000;

// Reads a `gpx` element. Times count from the earliest one of the file.
class GpxTraceReader : public XmlHandler {
 public:
  explicit GpxTraceReader(TraceBuilder& builder) : builder_(builder) {}

  void begin_element(const XmlElement& element) override;
  void end_element(std::string_view name) override;
  void add_text(std::string_view text) override;
  // Hands the samples to the builder. After the last element.
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
  std::vector<std::string> open_;    // the elements that have begun and not ended
  std::vector<std::string> tracks_;  // their names
  std::vector<Sample> samples_;
  Sample sample_;           // of the `trkpt` that is being read
  bool has_point_ = false;  // whether its position is good
  std::string time_;        // its `time`, as written
};

void append_gpx_trace_header(std::string& out, std::string_view name);
// A client's track: times with nine decimals of a second, nine decimals of a degree (0.1 mm).
void append_gpx_trace(std::string& out, const TraceClient& client);
void append_gpx_trace_footer(std::string& out);

}  // namespace sim

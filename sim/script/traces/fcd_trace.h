// Traces as SUMO's floating car data (https://sumo.dlr.de/docs/Simulation/Output/FCDOutput.html),
// written with `--fcd-output.geo`. Each `vehicle`, `person` and `container` is a client. `x` is its
// longitude and `y` its latitude.
#pragma once

#include <optional>
#include <string_view>

#include "core/time.h"
#include "sim/script/traces/trace_builder.h"
#include "sim/script/traces/xml_reader.h"

namespace sim {

// Reads an `fcd-export` element into a builder.
class FcdTraceReader : public XmlHandler {
 public:
  explicit FcdTraceReader(TraceBuilder& builder) : builder_(builder) {}

  void begin_element(const XmlElement& element) override;
  void end_element(std::string_view name) override;
  void add_text(std::string_view) override {}

 private:
  void read_mover(const XmlElement& element);

  TraceBuilder& builder_;
  bool in_timestep_ = false;
  std::optional<herd::Duration> time_;  // of the timestep; nullopt if it is invalid
};

}  // namespace sim

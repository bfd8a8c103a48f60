// Traces as SUMO's floating car data (https://sumo.dlr.de/docs/Simulation/Output/FCDOutput.html),
// written with `--fcd-output.geo`. Each `vehicle`, `person` and `container` is a client. `x` is its
// longitude and `y` its latitude. Without that option both are metres, which may be small enough to
// pass as degrees: the file's header and the speeds in it tell.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

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
  // Reads the configuration that SUMO writes in front of the data.
  void add_comment(std::string_view text, std::size_t line) override;
  // Must be called after the last element.
  void finish();

 private:
  // A mover's last sample that has a speed.
  struct Driven {
    RawSample sample;
    double speed_mps = 0;
  };

  void read_mover(const XmlElement& element);
  void compare_speed(const std::string& key, std::optional<std::string_view> speed,
                     const RawSample& sample);

  TraceBuilder& builder_;
  bool in_timestep_ = false;
  std::optional<herd::PosixNs> time_;  // of the timestep; nullopt if it is invalid

  std::optional<bool> in_degrees_;  // what the header says; nullopt if it says nothing
  std::size_t header_line_ = 1;
  std::unordered_map<std::string, Driven> driven_;
  double moved_m_ = 0;                  // by all movers, if positions are degrees
  double driven_m_ = 0;                 // at the most, by their own speeds
  std::optional<TraceProblem> faster_;  // the first mover that is much faster than its speed
};

}  // namespace sim

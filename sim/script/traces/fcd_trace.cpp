#include "sim/script/traces/fcd_trace.h"

#include <string>

namespace sim {

void FcdTraceReader::begin_element(const XmlElement& element) {
  if (element.name == "timestep") {
    in_timestep_ = true;
    time_ = builder_.read_seconds(element.attribute("time"), element.line);
  } else if (in_timestep_ && (element.name == "vehicle" || element.name == "person" ||
                              element.name == "container")) {
    read_mover(element);
  }
}

void FcdTraceReader::end_element(std::string_view name) {
  if (name == "timestep") in_timestep_ = false;
}

void FcdTraceReader::read_mover(const XmlElement& element) {
  const auto id = element.attribute("id");
  if (!id || id->empty()) builder_.report(element.line, "id", "is missing", "a client's id");
  const auto lon = builder_.read_degrees(
      element.attribute("x"), "x", 180,
      "a longitude from -180 to 180: SUMO writes them with --fcd-output.geo", element.line);
  const auto lat = builder_.read_degrees(
      element.attribute("y"), "y", 90,
      "a latitude from -90 to 90: SUMO writes them with --fcd-output.geo", element.line);
  if (!id || id->empty() || !lon || !lat || !time_) return;
  // A vehicle and a person may have the same id.
  const std::string key = std::string(element.name).append(1, ' ').append(*id);
  builder_.add(builder_.client(key, *id), {*time_, {*lat, *lon}}, element.line);
}

}  // namespace sim

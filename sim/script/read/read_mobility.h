// Reads `clients[].mobility`, and the trace files that it names.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "sim/script/read/fields.h"
#include "sim/script/spec/client_group.h"

namespace sim {

class MobilityReader {
 public:
  // `folder` is the scenario file's, with a slash at its end: trace files are relative to it.
  MobilityReader(std::string folder, Problems& problems);

  // Sets the group's mobility to what could be read; a trace that cannot be used has no data. The
  // group's start is read already, at `start_path`.
  void read(const JsonNode& node, const std::string& start_path, ClientGroup& group);
  static Schema schema();

 private:
  void read_model(ObjectReader& object, const std::string& start_path, ClientGroup& group);
  static const Fields<TraceMobility, MobilityReader>& trace_fields();
  void load_trace(const JsonNode& node, const std::string& text, TraceMobility& trace);

  std::string folder_;
  Problems& problems_;
  // By file: each is read and reported on once. Null if it cannot be used.
  std::unordered_map<std::string, std::shared_ptr<const TraceData>> traces_;
};

}  // namespace sim

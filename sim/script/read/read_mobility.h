// Reads `clients[].mobility`, and the trace files that it names.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "sim/script/read/json_reader.h"
#include "sim/script/read/json_value.h"
#include "sim/script/read/problems.h"
#include "sim/script/spec/client_group.h"
#include "sim/script/spec/mobility_spec.h"

namespace sim {

class MobilityReader {
 public:
  // `folder` is the scenario file's, with its last slash: trace files are relative to it.
  MobilityReader(std::string folder, Problems& problems);

  // Sets the group's mobility. Its start is read already; `start_path` is where it stands. With
  // problems it is read as far as it goes, and a trace that cannot be used has no data.
  void read(const JsonNode& node, const std::string& start_path, ClientGroup& group);

 private:
  void read_model(ObjectReader& object, const std::string& start_path, ClientGroup& group);
  TraceMobility read_trace(ObjectReader& object);
  // Null, reported, where it cannot be used. Each file is read and reported on once.
  std::shared_ptr<const TraceData> load(const JsonNode& node, const std::string& file);

  std::string folder_;
  Problems& problems_;
  std::unordered_map<std::string, std::shared_ptr<const TraceData>> traces_;
};

}  // namespace sim

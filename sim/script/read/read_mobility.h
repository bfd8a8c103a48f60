// Reads `clients[].mobility`, and the trace files that it names.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "sim/script/read/fields.h"
#include "sim/script/spec/client_group.h"
#include "sim/script/traces/trace_data.h"

namespace sim {

class MobilityReader {
 public:
  // `folder` is the scenario file's, with a slash at its end: trace files are relative to it.
  // `duration` is the scenario's; 0 if it is not known.
  MobilityReader(std::string folder, Duration duration, Problems& problems);

  // Sets the group's mobility to what could be read; a trace that cannot be used has no data. The
  // group's start is read already, at `start_path`.
  void read(const JsonNode& node, const std::string& start_path, ClientGroup& group);
  static Schema schema();

 private:
  void read_model(ObjectReader& object, const std::string& start_path, ClientGroup& group);
  static const Fields<TraceMobility, MobilityReader>& trace_fields();
  void take_file(const JsonNode& node, const std::string& file, TraceMobility&);
  void take_from(const JsonNode&, TraceFrom from, TraceMobility&) { from_ = from; }
  // Returns the path of a file that the scenario names.
  std::string path_of(const std::string& name) const;
  std::shared_ptr<const TraceData> load_trace(const JsonNode& node, const std::string& file,
                                              const std::string& name);
  std::shared_ptr<const TraceData> parse(const JsonNode& node, const std::string& file,
                                         const std::string& name);
  void warn_if_late(const JsonNode& node, const TraceData& trace);

  std::string folder_;
  Duration duration_;
  Problems& problems_;
  // By file and `from`: each is read and reported on once. Null if it cannot be used.
  std::map<std::pair<std::string, std::optional<TraceFrom>>, std::shared_ptr<const TraceData>>
      traces_;
  // Of the trace that is being read.
  std::optional<std::pair<JsonNode, std::string>> file_;
  std::optional<TraceFrom> from_;
};

}  // namespace sim

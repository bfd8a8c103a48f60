#include "sim/script/traces/trace_data.h"

namespace sim {

const TraceClient* TraceData::find(const std::string& id) const {
  const auto found = by_id.find(id);
  return found == by_id.end() ? nullptr : &clients[found->second];
}

}  // namespace sim

#include "sim/app/swarm/json_parts.h"

#include <cstdlib>

namespace sim {

std::string to_text(const json_t* value) {
  char* const text = json_dumps(value, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
  std::string out(text == nullptr ? "" : text);
  std::free(text);
  return out;
}

}  // namespace sim

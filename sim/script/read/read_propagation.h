// Reads how a herd's updates travel (`propagation`) and how its servers find what they missed
// (`recovery`): each a name, or an object of the name and its parameters.
#pragma once

#include <optional>
#include <string>

#include "core/propagation.h"
#include "core/recovery.h"
#include "core/time.h"
#include "sim/script/read/json_reader.h"
#include "sim/script/read/schema.h"

namespace sim {

// A scheme of the catalogue (core/schemes/catalogue.h), which has its names and parameters.
struct PropagationKind {
  static std::optional<herd::Scheme> read(const JsonNode& node, Problems& problems);
  static std::string allowed();
  static Schema schema();
  static std::string shown(const herd::Scheme& scheme);
};

struct RecoverySpec {
  herd::Recovery recovery = herd::Recovery::kNone;
  std::optional<herd::Duration> every;
};

struct RecoveryKind {
  static std::optional<RecoverySpec> read(const JsonNode& node, Problems& problems);
  static std::string allowed();
  static Schema schema();
};

}  // namespace sim

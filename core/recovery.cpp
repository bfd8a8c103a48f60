#include "core/recovery.h"

namespace herd {

std::string_view to_string(Recovery recovery) {
  switch (recovery) {
    case Recovery::kNone:
      return "none";
    case Recovery::kSync:
      return "sync";
  }
  return "";
}

std::optional<Recovery> recovery_from(std::string_view name) {
  for (const Recovery each : {Recovery::kNone, Recovery::kSync}) {
    if (name == to_string(each)) return each;
  }
  return std::nullopt;
}

}  // namespace herd

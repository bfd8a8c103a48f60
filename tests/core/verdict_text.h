// A verdict on a record, as tests show it.
#pragma once

#include <string_view>

#include "core/record_store.h"

namespace herd {

inline std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAccepted:
      return "taken";
    case Verdict::kDuplicate:
      return "held";
    case Verdict::kStale:
      return "stale";
    case Verdict::kTooFarAhead:
      return "too far ahead";
    case Verdict::kRefused:
      return "refused";
  }
  return "";
}

}  // namespace herd

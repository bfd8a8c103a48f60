#include "core/propagation.h"

namespace herd {

std::string_view to_string(Scheme scheme) {
  switch (scheme) {
    case Scheme::kFloodEcho:
      return "flood-echo";
    case Scheme::kFlood:
      return "flood";
  }
  return "";
}

std::optional<Scheme> scheme_from(std::string_view name) {
  for (const Scheme scheme : {Scheme::kFloodEcho, Scheme::kFlood}) {
    if (name == to_string(scheme)) return scheme;
  }
  return std::nullopt;
}

}  // namespace herd

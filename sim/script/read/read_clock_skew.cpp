#include "sim/script/read/read_clock_skew.h"

#include <fmt/format.h>

#include <string_view>

#include "sim/script/read/json_reader.h"
#include "sim/script/read/units.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

constexpr std::string_view kSkewRight =
    R"(a duration with or without a sign, as "-20ms", or an object of "offset" and "drift")";
constexpr std::string_view kDriftRight =
    R"(from -100000ppm to 100000ppm with at most three decimals, as "100ppm" or "-0.5ppm")";
static_assert(kMaxDriftPpb == 100'000'000, "the text above says so");

std::int64_t read_drift_ppb(const JsonNode& node, Problems& problems) {
  const auto text = read_text(node, problems, kDriftRight);
  if (!text) return 0;
  const auto ppb = parse_drift_ppb(*text);
  if (ppb && *ppb >= -kMaxDriftPpb && *ppb <= kMaxDriftPpb) return *ppb;
  problems.add(node.path,
               fmt::format("{} {}", quoted(*text),
                           ppb ? "is out of range" : "is not a drift that can be used"),
               std::string(kDriftRight));
  return 0;
}

}  // namespace

ClockSkew read_clock_skew(const JsonNode& node, Problems& problems) {
  ClockSkew skew;
  if (json_is_string(node.json)) {
    skew.offset = read_duration(node, problems, kSignedDuration).value_or(skew.offset);
    return skew;
  }
  ObjectReader object(node, problems, kSkewRight);
  if (!object.is_object()) return skew;
  const auto offset = object.optional("offset");
  const auto drift = object.optional("drift");
  object.finish();
  if (!offset && !drift) {
    problems.add(node.path, "says nothing of the clock", R"("offset", "drift" or both)");
  }
  if (offset) skew.offset = read_duration(*offset, problems, kSignedDuration).value_or(skew.offset);
  if (drift) skew.drift_ppb = read_drift_ppb(*drift, problems);
  return skew;
}

}  // namespace sim

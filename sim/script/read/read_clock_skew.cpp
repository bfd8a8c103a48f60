#include "sim/script/read/read_clock_skew.h"

#include <fmt/format.h>

#include <string_view>

#include "sim/script/read/fields.h"
#include "sim/script/read/units.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

constexpr std::string_view kSkewRight =
    R"(a duration with or without a sign, as "-20ms", or an object of "offset" and "drift")";
constexpr std::string_view kDriftRight =
    R"(from -100000ppm to 100000ppm with at most three decimals, as "100ppm" or "-0.5ppm")";
static_assert(kMaxDriftPpb == 100'000'000, "the text above says so");

struct DriftKind {
  static std::optional<std::int64_t> read(const JsonNode& node, Problems& problems) {
    const auto text = read_text(node, problems, kDriftRight);
    if (!text) return std::nullopt;
    const auto ppb = parse_drift_ppb(*text);
    if (ppb && *ppb >= -kMaxDriftPpb && *ppb <= kMaxDriftPpb) return ppb;
    report_quantity(node, problems, ppb.has_value(), "drift", kDriftRight);
    return std::nullopt;
  }
  static std::string allowed() { return std::string(kDriftRight); }
  static Schema schema() {
    return R"("type": "string", "pattern": "^[+-]?[0-9]+(\\.[0-9]{1,3}0{0,6})?ppm$")";
  }
};

const Fields<ClockSkew>& clock_skew_fields() {
  static const Fields<ClockSkew> kFields = {
      {"offset", kSignedDuration, &ClockSkew::offset, "The clock minus true time at time zero."},
      {"drift", DriftKind{}, &ClockSkew::drift_ppb, "How much the clock gains as time passes.",
       with_default(R"("0ppm")")},
  };
  return kFields;
}

std::optional<ClockSkew> read_skew(const JsonNode& node, Problems& problems) {
  if (json_is_string(node.json)) {
    const auto offset = kSignedDuration.read(node, problems);
    if (!offset) return std::nullopt;
    return ClockSkew{*offset};
  }
  ObjectReader object(node, problems, kSkewRight);
  if (!object.is_object()) return std::nullopt;
  ClockSkew skew;
  read_fields(object, clock_skew_fields(), skew);
  object.finish();
  if (!object.has_any_of(keys_of(clock_skew_fields()))) {
    problems.add(node.path, "says nothing of the clock", R"("offset", "drift" or both)");
  }
  return skew;
}

Schema skew_schema() {
  return one_of({kSignedDuration.schema(),
                 object_schema(clock_skew_fields(), has_any_of(keys_of(clock_skew_fields())))})
      .defined_as("skew");
}

}  // namespace

const CodeKind<ClockSkew> kClockSkew{read_skew, skew_schema, kSkewRight};

}  // namespace sim

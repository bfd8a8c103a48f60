#include "sim/script/read/kinds.h"

#include <fmt/format.h>

#include <cmath>

#include "core/fields.h"
#include "sim/base/text/duration_text.h"
#include "sim/base/text/pattern.h"
#include "sim/script/read/units.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

constexpr std::string_view kNameRight = "1 to 64 of A-Z a-z 0-9 . _ -";
constexpr std::string_view kLocationRight =
    "ISO 6709 degrees, latitude then longitude, both signed, as \"+34.068930-118.445127\"";
constexpr std::string_view kRateRight =
    R"(a rate from one in 8760h to one in 1ns, as "10/s", "600/min" or "1/h")";

// A string with a number, which is not zero if `above_zero`, and one of these units.
std::string quantity_form(std::string_view units, bool above_zero, std::string_view sign = "") {
  return fmt::format(R"("type": "string", "pattern": "^{}{}[0-9]+(\\.[0-9]{{1,9}})?({})$")",
                     above_zero ? "(?=[0-9.]*[1-9])" : "", sign, units);
}

}  // namespace

void report_quantity(const JsonNode& node, Problems& problems, bool is_form_right,
                     std::string_view noun, std::string_view right) {
  const std::string wrong =
      is_form_right ? "is out of range" : fmt::format("is not a {} that can be used", noun);
  problems.add(node.path, fmt::format("{} {}", quoted(string_of(node.json)), wrong),
               std::string(right));
}

static_assert(kMaxDuration == std::chrono::hours(8760), "the texts here say so");
const DurationKind kPositiveDuration{
    herd::Duration(1), kMaxDuration,
    R"(a duration above zero and at most 8760h, as "250us", "20ms", "5s", "2min" or "1h")"};
const DurationKind kNonNegativeDuration{
    herd::Duration(0), kMaxDuration,
    R"(a duration of at most 8760h, as "0s", "250us", "20ms", "5s", "2min" or "1h")"};
const DurationKind kSignedDuration{
    -kMaxDuration, kMaxDuration,
    R"(a duration of at most 8760h with or without a sign, as "250us", "-20ms" or "+5s")"};
const DurationKind kDurationFrom1ms{std::chrono::milliseconds(1), kMaxDuration,
                                    R"(a duration from 1ms to 8760h, as "500ms", "2s" or "1min")"};

std::optional<std::string> TextKind::read(const JsonNode& node, Problems& problems) const {
  auto text = read_text(node, problems, right);
  if (!text || is_allowed == nullptr || is_allowed(*text)) return text;
  std::string shown = is_secret ? "" : quoted(*text) + ' ';
  problems.add(node.path, shown.append(wrong), allowed());
  return std::nullopt;
}

std::optional<std::string> NameKind::read(const JsonNode& node, Problems& problems) const {
  return TextKind{kNameRight, "", herd::is_name, "is not a name"}.read(node, problems);
}

std::string NameKind::allowed() const { return std::string(kNameRight); }

Schema NameKind::schema() const {
  return Schema(R"("type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$")").defined_as("name");
}

std::optional<bool> FlagKind::read(const JsonNode& node, Problems& problems) const {
  if (json_is_boolean(node.json)) return json_is_true(node.json);
  report_wrong_type(node, problems, allowed());
  return std::nullopt;
}

std::optional<std::int64_t> WholeKind::read(const JsonNode& node, Problems& problems) const {
  if (!json_is_number(node.json)) {
    report_wrong_type(node, problems, allowed());
    return std::nullopt;
  }
  const double real = json_number_value(node.json);
  std::optional<std::int64_t> value;
  if (json_is_integer(node.json)) {
    value = json_integer_value(node.json);
  } else if (std::trunc(real) == real && std::abs(real) < 0x1p63) {
    value = static_cast<std::int64_t>(real);  // 1e3 and 5.0 are whole numbers too
  }
  if (value && *value >= min && *value <= max) return value;
  const std::string shown = value ? std::to_string(*value) : fmt::format("{}", real);
  const bool whole = std::trunc(real) == real;
  problems.add(node.path, shown + (whole ? " is out of range" : " is not a whole number"),
               allowed());
  return std::nullopt;
}

std::string WholeKind::allowed() const {
  return fmt::format("a whole number from {} to {}", min, max);
}

Schema WholeKind::schema() const {
  return fmt::format(R"("type": "integer", "minimum": {}, "maximum": {})", min, max);
}

std::optional<double> NumberKind::read(const JsonNode& node, Problems& problems) const {
  if (json_is_number(node.json)) return json_number_value(node.json);
  report_wrong_type(node, problems, allowed());
  return std::nullopt;
}

std::optional<double> RealKind::read(const JsonNode& node, Problems& problems) const {
  const auto number = NumberKind{}.read(node, problems);
  if (!number || (*number <= max && (above_min ? *number > min : *number >= min))) return number;
  problems.add(node.path, fmt::format("{} is out of range", *number), std::string(right));
  return std::nullopt;
}

Schema RealKind::schema() const {
  return fmt::format(R"("type": "number", "{}": {}, "maximum": {})",
                     above_min ? "exclusiveMinimum" : "minimum", min, max);
}

std::string RealKind::shown(double value) const { return fmt::format("{}", value); }

std::optional<herd::Duration> DurationKind::read(const JsonNode& node, Problems& problems) const {
  const auto text = read_text(node, problems, right);
  if (!text) return std::nullopt;
  const auto duration =
      min < herd::Duration(0) ? parse_signed_duration(*text) : parse_duration(*text);
  if (duration && *duration >= min && *duration <= max) return duration;
  report_quantity(node, problems, duration.has_value(), "duration", right);
  return std::nullopt;
}

Schema DurationKind::schema() const {
  constexpr std::string_view kUnits = "ns|us|ms|s|min|h";
  if (min < herd::Duration(0)) {
    return Schema(quantity_form(kUnits, false, "[+-]?")).defined_as("signed_duration");
  }
  const bool above_zero = min > herd::Duration(0);
  return Schema(quantity_form(kUnits, above_zero))
      .defined_as(above_zero ? "positive_duration" : "duration");
}

std::string DurationKind::shown(herd::Duration value) const {
  return value < min || value > max ? "" : to_json(duration_text(value));
}

std::optional<herd::Duration> RateKind::read(const JsonNode& node, Problems& problems) const {
  const auto text = read_text(node, problems, kRateRight);
  if (!text) return std::nullopt;
  const auto period = parse_rate(*text);
  if (period && *period > herd::Duration(0) && *period <= kMaxDuration) return period;
  report_quantity(node, problems, false, "rate", kRateRight);
  return std::nullopt;
}

std::string RateKind::allowed() const { return std::string(kRateRight); }

Schema RateKind::schema() const {
  return Schema(
             R"("type": "string", "pattern": "^(?=[0-9.]*[1-9])[0-9]+(\\.[0-9]{1,9})?/(s|min|h)$")")
      .defined_as("rate");
}

std::optional<double> QuantityKind::read(const JsonNode& node, Problems& problems) const {
  const auto text = read_text(node, problems, right);
  if (!text) return std::nullopt;
  const auto value = parse(*text);
  if (value && *value <= max && (above_min ? *value > min : *value >= min)) return value;
  const bool is_zero = value && above_min && *value == min;
  report_quantity(node, problems, value && !is_zero, noun, right);
  return std::nullopt;
}

Schema QuantityKind::schema() const { return quantity_form(units, above_min || min > 0); }

std::optional<std::int64_t> SizeKind::read(const JsonNode& node, Problems& problems) const {
  const auto text = read_text(node, problems, right);
  if (!text) return std::nullopt;
  const auto size = parse_size(*text);
  if (size && *size >= min && *size <= max) return size;
  report_quantity(node, problems, size.has_value(), "size", right);
  return std::nullopt;
}

Schema SizeKind::schema() {
  return Schema(R"("type": "string", "pattern": "^[0-9]+(B|KiB|MiB|GiB)$")").defined_as("size");
}

std::optional<herd::GeoPoint> LocationKind::read(const JsonNode& node, Problems& problems) const {
  const auto text = read_text(node, problems, kLocationRight);
  if (!text) return std::nullopt;
  const auto point = herd::parse_location(*text);
  if (!point) {
    problems.add(node.path, quoted(*text) + " is not a location", std::string(kLocationRight));
  }
  return point;
}

std::string LocationKind::allowed() const { return std::string(kLocationRight); }

Schema LocationKind::schema() const {
  return Schema(R"("type": "string", "pattern": "^[+-]0*([0-8]?[0-9](\\.[0-9]+)?|90(\\.0+)?))"
                R"([+-]0*((1[0-7][0-9]|[0-9]?[0-9])(\\.[0-9]+)?|180(\\.0+)?)$")")
      .defined_as("location");
}

std::optional<std::string> PatternKind::read(const JsonNode& node, Problems& problems) {
  auto text = read_text(node, problems, allowed());
  if (!text) return text;
  if (text->size() > kMaxPatternBytes) {
    problems.add(node.path, fmt::format("is a pattern of {} bytes", text->size()),
                 fmt::format("at most {}", kMaxPatternBytes));
    return std::nullopt;
  }
  const auto problem = Pattern(*text).problem();
  if (!text->empty() && !problem) return text;
  problems.add(node.path,
               problem ? quoted(*text) + " is no pattern: " + *problem
                       : "is empty, which everything matches",
               allowed());
  return std::nullopt;
}

Schema PatternKind::schema() {
  return Schema(R"("type": "string", "minLength": 1)").defined_as("regular_expression");
}

Schema client_id_schema() {
  return Schema(R"("type": "string", "pattern": "^[^ \\t\\n\\v\\f\\r]+$")").defined_as("client_id");
}

}  // namespace sim

#include "sim/script/read/json_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/fields.h"
#include "sim/script/read/units.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

std::string_view type_name(const json_t* value) {
  switch (json_typeof(value)) {
    case JSON_OBJECT:
      return "an object";
    case JSON_ARRAY:
      return "a list";
    case JSON_STRING:
      return "a string";
    case JSON_INTEGER:
    case JSON_REAL:
      return "a number";
    case JSON_TRUE:
    case JSON_FALSE:
      return "true or false";
    case JSON_NULL:
      return "null";
  }
  return "";
}

}  // namespace

static_assert(kMaxDuration == std::chrono::hours(8760), "the texts below say so");
const DurationKind kPositiveDuration{
    herd::Duration(1), kMaxDuration,
    R"(a duration above zero and at most 8760h, as "250us", "20ms", "5s", "2min" or "1h")"};
const DurationKind kNonNegativeDuration{
    herd::Duration(0), kMaxDuration,
    R"(a duration of at most 8760h, as "0s", "250us", "20ms", "5s", "2min" or "1h")"};
const DurationKind kSignedDuration{
    -kMaxDuration, kMaxDuration,
    R"(a duration of at most 8760h with or without a sign, as "250us", "-20ms" or "+5s")"};

ObjectReader::ObjectReader(JsonNode node, Problems& problems, std::string_view right)
    : node_(std::move(node)), problems_(problems), is_object_(json_is_object(node_.json)) {
  if (!is_object_) report_wrong_type(node_, problems_, right);
}

bool ObjectReader::has(std::string_view key) const {
  return json_object_get(node_.json, std::string(key).c_str()) != nullptr;
}

std::optional<JsonNode> ObjectReader::optional(std::string_view key) {
  known_.push_back(key);
  json_t* const value = json_object_get(node_.json, std::string(key).c_str());
  if (value == nullptr) return std::nullopt;
  return JsonNode{value, node_.member_path(key)};
}

std::optional<JsonNode> ObjectReader::required(std::string_view key, std::string_view right) {
  auto value = optional(key);
  if (!value && is_object_) problems_.add(node_.member_path(key), "is missing", std::string(right));
  return value;
}

void ObjectReader::refuse(std::string_view key, std::string_view wrong, std::string_view right) {
  if (!has(key)) return;
  problems_.add(node_.member_path(key), std::string(wrong), std::string(right));
  refused_.push_back(key);
}

void ObjectReader::finish() {
  const char* key = nullptr;
  json_t* value = nullptr;
  json_object_foreach(node_.json, key, value) {
    const std::string_view name(key);
    const auto is_name = [&](std::string_view each) { return each == name; };
    if (std::any_of(known_.begin(), known_.end(), is_name)) continue;
    if (std::any_of(refused_.begin(), refused_.end(), is_name)) continue;
    problems_.add(node_.member_path(name), "unknown key", what_else(name, known_));
  }
}

void report_wrong_type(const JsonNode& node, Problems& problems, std::string_view right) {
  problems.add(node.path, fmt::format("is {}", type_name(node.json)), std::string(right));
}

void report_not_yet(const JsonNode& node, Problems& problems, std::string_view value) {
  problems.add(node.path, quoted(value) + " is not supported yet", "");
}

std::string did_you_mean(const std::string& suggestion) {
  return "did you mean '" + without_controls(suggestion) + "'?";
}

std::optional<std::size_t> read_list(const JsonNode& node, Problems& problems,
                                     std::string_view right) {
  if (json_is_array(node.json)) return json_array_size(node.json);
  report_wrong_type(node, problems, right);
  return std::nullopt;
}

std::optional<std::string> read_text(const JsonNode& node, Problems& problems,
                                     std::string_view right) {
  if (json_is_string(node.json)) return std::string(string_of(node.json));
  report_wrong_type(node, problems, right);
  return std::nullopt;
}

std::optional<bool> read_flag(const JsonNode& node, Problems& problems) {
  if (json_is_boolean(node.json)) return json_is_true(node.json);
  report_wrong_type(node, problems, "true or false");
  return std::nullopt;
}

std::optional<double> read_number(const JsonNode& node, Problems& problems) {
  if (json_is_number(node.json)) return json_number_value(node.json);
  report_wrong_type(node, problems, "a number");
  return std::nullopt;
}

std::optional<std::int64_t> read_whole(const JsonNode& node, Problems& problems, std::int64_t min,
                                       std::int64_t max) {
  const std::string right = fmt::format("a whole number from {} to {}", min, max);
  if (!json_is_number(node.json)) {
    report_wrong_type(node, problems, right);
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
  problems.add(node.path, shown + (whole ? " is out of range" : " is not a whole number"), right);
  return std::nullopt;
}

std::optional<herd::Duration> read_duration(const JsonNode& node, Problems& problems,
                                            const DurationKind& kind) {
  const auto text = read_text(node, problems, kind.right);
  if (!text) return std::nullopt;
  const bool is_signed = kind.min < herd::Duration(0);
  const auto duration = is_signed ? parse_signed_duration(*text) : parse_duration(*text);
  if (duration && *duration >= kind.min && *duration <= kind.max) return duration;
  problems.add(node.path,
               fmt::format("{} {}", quoted(*text),
                           duration ? "is out of range" : "is not a duration that can be used"),
               std::string(kind.right));
  return std::nullopt;
}

std::optional<herd::GeoPoint> read_location(const JsonNode& node, Problems& problems) {
  constexpr std::string_view kRight =
      "ISO 6709 degrees, latitude then longitude, both signed, as \"+34.068930-118.445127\"";
  const auto text = read_text(node, problems, kRight);
  if (!text) return std::nullopt;
  const auto point = herd::parse_location(*text);
  if (!point) problems.add(node.path, quoted(*text) + " is not a location", std::string(kRight));
  return point;
}

std::optional<std::string> read_name(const JsonNode& node, Problems& problems) {
  constexpr std::string_view kRight = "1 to 64 of A-Z a-z 0-9 . _ -";
  auto text = read_text(node, problems, kRight);
  if (!text || herd::is_name(*text)) return text;
  problems.add(node.path, quoted(*text) + " is not a name", std::string(kRight));
  return std::nullopt;
}

}  // namespace sim

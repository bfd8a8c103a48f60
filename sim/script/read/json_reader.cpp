#include "sim/script/read/json_reader.h"

#include <fmt/format.h>

#include <algorithm>

namespace sim {
namespace {

bool is_among(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

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

ObjectReader::ObjectReader(JsonNode node, Problems& problems, std::string_view right)
    : node_(std::move(node)), problems_(problems), is_object_(json_is_object(node_.json)) {
  constexpr std::size_t kMostKeys = 16;  // of nearly all objects
  known_.reserve(kMostKeys);
  if (!is_object_) report_wrong_type(node_, problems_, right);
}

bool ObjectReader::has(std::string_view key) const {
  return json_object_get(node_.json, std::string(key).c_str()) != nullptr;
}

bool ObjectReader::has_any_of(const std::vector<std::string_view>& keys) const {
  return std::any_of(keys.begin(), keys.end(), [&](std::string_view key) { return has(key); });
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
  refused_.push_back(key);
  if (has(key)) problems_.add(node_.member_path(key), std::string(wrong), std::string(right));
}

bool ObjectReader::is_refused(std::string_view key) const { return is_among(refused_, key); }

void ObjectReader::finish() {
  const char* key = nullptr;
  json_t* value = nullptr;
  json_object_foreach(node_.json, key, value) {
    const std::string_view name(key);
    if (is_among(known_, name) || is_among(refused_, name) || is_among(ignored_, name)) continue;
    problems_.add(node_.member_path(name), "unknown key", what_else(name, known_, problems_));
  }
}

void report_wrong_type(const JsonNode& node, Problems& problems, std::string_view right) {
  problems.add(node.path, fmt::format("is {}", type_name(node.json)), std::string(right));
}

std::string did_you_mean(const std::string& suggestion) {
  return "did you mean '" + without_controls(suggestion) + "'?";
}

std::optional<std::size_t> read_list(const JsonNode& node, Problems& problems,
                                     std::string_view right) {
  if (json_is_array(node.json)) return node.size();
  report_wrong_type(node, problems, right);
  return std::nullopt;
}

bool read_list_of(std::size_t size, const JsonNode& node, Problems& problems,
                  std::string_view right) {
  const auto found = read_list(node, problems, right);
  if (found && *found != size) {
    problems.add(node.path, fmt::format("is a list of {}", *found), std::string(right));
  }
  return found == size;
}

std::optional<std::string> read_text(const JsonNode& node, Problems& problems,
                                     std::string_view right) {
  if (json_is_string(node.json)) return std::string(string_of(node.json));
  report_wrong_type(node, problems, right);
  return std::nullopt;
}

}  // namespace sim

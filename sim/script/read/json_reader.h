// Reads JSON values as what a scenario means by them. Each reader returns the value or reports the
// problem, never both, so that a caller only goes on with what it has.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/geodesy.h"
#include "core/time.h"
#include "sim/script/read/json_value.h"
#include "sim/script/read/problems.h"
#include "sim/script/read/suggest.h"

namespace sim {

// An object whose keys are read one by one; those that nobody asked for are unknown.
class ObjectReader {
 public:
  // What is not an object is reported, and then has no keys. `right` says what it should be.
  ObjectReader(JsonNode node, Problems& problems, std::string_view right);

  bool is_object() const { return is_object_; }
  const JsonNode& node() const { return node_; }

  bool has(std::string_view key) const;
  std::optional<JsonNode> optional(std::string_view key);
  // Reports a key that is not there; `right` says what it should be.
  std::optional<JsonNode> required(std::string_view key, std::string_view right);
  // Reports a key that is there although it should not be.
  void refuse(std::string_view key, std::string_view wrong, std::string_view right);
  // Reports the keys that nobody asked for.
  void finish();

 private:
  JsonNode node_;
  Problems& problems_;
  bool is_object_;
  std::vector<std::string_view> known_;    // and may be suggested
  std::vector<std::string_view> refused_;  // reported, each for its own reason
};

template <class T>
struct Choice {
  std::string_view name;
  T value;
};

template <class Choices>
std::vector<std::string_view> names_of(const Choices& choices) {
  std::vector<std::string_view> names;
  names.reserve(std::size(choices));
  for (const auto& choice : choices) names.push_back(choice.name);
  return names;
}

// A kind of duration: its limits and how an error describes it.
struct DurationKind {
  herd::Duration min, max;
  std::string_view right;
};
extern const DurationKind kPositiveDuration;     // above zero
extern const DurationKind kNonNegativeDuration;  // from zero
extern const DurationKind kSignedDuration;       // a clock's skew

// The number of items of a list.
std::optional<std::size_t> read_list(const JsonNode& node, Problems& problems,
                                     std::string_view right);
std::optional<std::string> read_text(const JsonNode& node, Problems& problems,
                                     std::string_view right);
std::optional<bool> read_flag(const JsonNode& node, Problems& problems);
std::optional<double> read_number(const JsonNode& node, Problems& problems);
std::optional<std::int64_t> read_whole(const JsonNode& node, Problems& problems, std::int64_t min,
                                       std::int64_t max);
std::optional<herd::Duration> read_duration(const JsonNode& node, Problems& problems,
                                            const DurationKind& kind);
std::optional<herd::GeoPoint> read_location(const JsonNode& node, Problems& problems);
// 1 to 64 of A-Z a-z 0-9 . _ -
std::optional<std::string> read_name(const JsonNode& node, Problems& problems);

void report_wrong_type(const JsonNode& node, Problems& problems, std::string_view right);
void report_not_yet(const JsonNode& node, Problems& problems, std::string_view value);

// `did you mean 'x'?`
std::string did_you_mean(const std::string& suggestion);
// That where a known name is near, else what there is to choose from.
template <class Names>
std::string what_else(std::string_view name, const Names& known) {
  const auto suggestion = suggest(name, known);
  return suggestion ? did_you_mean(*suggestion) : listed(known);
}

// A text that is one of a few; `later` are those that are known but not supported yet.
template <class Choices>
auto read_choice(const JsonNode& node, Problems& problems, const Choices& choices,
                 std::span<const std::string_view> later = {})
    -> std::optional<decltype(std::begin(choices)->value)> {
  const auto known = names_of(choices);
  const auto text = read_text(node, problems, listed(known));
  if (!text) return std::nullopt;
  for (const auto& choice : choices) {
    if (choice.name == *text) return choice.value;
  }
  for (const std::string_view name : later) {
    if (name != *text) continue;
    report_not_yet(node, problems, name);
    return std::nullopt;
  }
  problems.add(node.path, quoted(*text) + " is not known here", what_else(*text, known));
  return std::nullopt;
}

}  // namespace sim

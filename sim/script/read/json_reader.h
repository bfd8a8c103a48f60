// Reads JSON objects, lists and strings. Each reader returns the value or reports the problem,
// never both, so that the caller continues only with what it has.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/script/read/json_value.h"
#include "sim/script/read/problems.h"
#include "sim/script/read/suggest.h"

namespace sim {

// An object whose keys are read one by one. Keys that no caller asked for are unknown.
class ObjectReader {
 public:
  // Reports a value that is not an object; it has no keys then. `right` says what it should be.
  ObjectReader(JsonNode node, Problems& problems, std::string_view right);

  bool is_object() const { return is_object_; }
  const JsonNode& node() const { return node_; }
  Problems& problems() { return problems_; }

  bool has(std::string_view key) const;
  // Whether it has one of these keys at least.
  bool has_any_of(const std::vector<std::string_view>& keys) const;
  std::optional<JsonNode> optional(std::string_view key);
  // Reports a missing key; `right` says what it should be.
  std::optional<JsonNode> required(std::string_view key, std::string_view right);
  // Reports a key that must not be there.
  void refuse(std::string_view key, std::string_view wrong, std::string_view right);
  bool is_refused(std::string_view key) const;
  // Allows a key that nothing reads. Errors about unknown keys do not suggest it.
  void ignore(std::string_view key) { ignored_.push_back(key); }
  // Reports the keys that no caller asked for.
  void finish();

 private:
  JsonNode node_;
  Problems& problems_;
  bool is_object_;
  std::vector<std::string_view> known_;    // and may be suggested
  std::vector<std::string_view> refused_;  // present or not
  std::vector<std::string_view> ignored_;
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

// Returns the number of items of a list.
std::optional<std::size_t> read_list(const JsonNode& node, Problems& problems,
                                     std::string_view right);
// Whether it is a list of this many items.
bool read_list_of(std::size_t size, const JsonNode& node, Problems& problems,
                  std::string_view right);
std::optional<std::string> read_text(const JsonNode& node, Problems& problems,
                                     std::string_view right);

void report_wrong_type(const JsonNode& node, Problems& problems, std::string_view right);

// `did you mean 'x'?`
std::string did_you_mean(const std::string& suggestion);
// Returns the known name that is near, as did_you_mean() says it; else all known names. Looks for
// none if `problems` would only be counted.
template <class Names>
std::string what_else(std::string_view name, const Names& known, const Problems& problems) {
  if (problems.are_enough()) return "";
  const auto suggestion = suggest(name, known);
  return suggestion ? did_you_mean(*suggestion) : listed(known);
}

// Reads a string that is one of a few.
template <class Choices>
auto read_choice(const JsonNode& node, Problems& problems, const Choices& choices)
    -> std::optional<decltype(std::begin(choices)->value)> {
  const auto known = names_of(choices);
  const auto text = read_text(node, problems, json_is_string(node.json) ? "" : listed(known));
  if (!text) return std::nullopt;
  for (const auto& choice : choices) {
    if (choice.name == *text) return choice.value;
  }
  problems.add(node.path, sim::quoted(*text) + " is not known here",
               what_else(*text, known, problems));
  return std::nullopt;
}

}  // namespace sim

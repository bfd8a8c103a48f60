// What the run.json of a run and that of a sweep are made of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/json/owned_json.h"
#include "sim/measure/figures/run_results.h"
#include "sim/measure/results/machine.h"

namespace sim {

// New references all, as jansson calls them. Text is made UTF-8.
json_t* new_text(std::string_view value);
json_t* new_texts(const std::vector<std::string>& values);
template <class Count>
json_t* new_count(Count value) {
  return json_integer(static_cast<json_int_t>(value));
}
// A whole number without a point, as a person would write it; null for none.
json_t* new_figure(std::optional<double> value);

// What a run.json opens with, of whatever it is.
struct RunOpening {
  const std::string& name;
  bool complete = true, dry_run = false;
  std::uint64_t seed = 0;
  std::string_view clock;
  const std::string& start;
  const Machine& machine;
  const std::string& scenario;  // as run, as JSON
};
// A new object.
OwnedJson begin_run_json(const RunOpening& opening);

json_t* describe(const ExpectationResult& expectation);
// Takes the reference.
void set_member(const OwnedJson& object, std::string_view key, json_t* value);

// Indented, each number with as many digits as it needs to be read back as it is, and LF at the
// end.
std::string format_json(const OwnedJson& document);

}  // namespace sim

#include "sim/app/compare/what_differs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>

#include "core/time.h"
#include "sim/base/json/dump_json.h"
#include "sim/base/json/parse_json.h"
#include "sim/measure/results/figure_words.h"
#include "sim/measure/results/human.h"

namespace sim {
namespace {

// The values of a document by their paths, as JSON.
using Leaves = std::map<std::string, std::string>;

void add_leaves(const json_t* value, const std::string& path, Leaves& leaves) {
  if (json_is_object(value) && json_object_size(value) > 0) {
    const char* key = nullptr;
    json_t* member = nullptr;
    json_object_foreach(const_cast<json_t*>(value), key, member) {
      add_leaves(member, path.empty() ? key : path + "." + key, leaves);
    }
  } else {
    leaves[path] = dump_json(value, 0);
  }
}

bool changes_no_figure(std::string_view key) {
  return key == "about" || key == "expect" || key == "$schema" || key == "herds";
}

Leaves scenario_leaves(const ComparedSide& side, const std::vector<std::string>& compared,
                       bool one_herd_each) {
  Leaves leaves;
  const json_t* const scenario = json_object_get(side.run.get(), "scenario");
  const char* key = nullptr;
  json_t* member = nullptr;
  json_object_foreach(const_cast<json_t*>(scenario), key, member) {
    if (!changes_no_figure(key)) add_leaves(member, key, leaves);
  }
  const json_t* const herds = json_object_get(scenario, "herds");
  for (std::size_t i = 0; i < json_array_size(herds); ++i) {
    const json_t* const herd = json_array_get(herds, i);
    const std::string name(string_of(json_object_get(herd, "name")));
    if (std::find(compared.begin(), compared.end(), name) == compared.end()) continue;
    const std::string prefix = one_herd_each ? "herd" : "herds." + name;
    add_leaves(herd, prefix, leaves);
    leaves.erase(prefix + ".name");
  }
  // As they were used: the command line may have changed them.
  for (const char* const used : {"seed", "clock"}) {
    if (!side.is_sweep()) add_leaves(json_object_get(side.run.get(), used), used, leaves);
  }
  return leaves;
}

Leaves member_leaves(const ComparedSide& side, const char* key) {
  Leaves leaves;
  const json_t* const value = json_object_get(side.run.get(), key);
  if (value != nullptr) add_leaves(value, "", leaves);
  return leaves;
}

void add_differences(std::string_view topic, const Leaves& base, const Leaves& other,
                     std::vector<Difference>& out) {
  Leaves all = base;
  all.insert(other.begin(), other.end());
  const auto text = [](const Leaves& leaves, const std::string& key) {
    const auto at = leaves.find(key);
    return at == leaves.end() ? std::string() : at->second;
  };
  for (const auto& [key, unused] : all) {
    Difference each{std::string(topic), key, text(base, key), text(other, key)};
    if (each.base != each.other) out.push_back(std::move(each));
  }
}

std::size_t unfinished_points(const ComparedSide& side) {
  const json_t* const points = json_object_get(side.run.get(), "points");
  std::size_t count = 0;
  for (std::size_t i = 0; i < json_array_size(points); ++i) {
    if (json_object_get(json_array_get(points, i), "folder") == nullptr) ++count;
  }
  return count;
}

}  // namespace

std::vector<Difference> what_differs(const ComparedSide& base, const ComparedSide& other) {
  const std::vector<std::string> base_herds = herds_against(base, other);
  const std::vector<std::string> other_herds = herds_against(other, base);
  const bool one_herd_each = base_herds.size() == 1 && other_herds.size() == 1;
  std::vector<Difference> out;
  add_differences("scenario", scenario_leaves(base, base_herds, one_herd_each),
                  scenario_leaves(other, other_herds, one_herd_each), out);
  add_differences("program", member_leaves(base, "herdsim"), member_leaves(other, "herdsim"), out);
  add_differences("machine", member_leaves(base, "machine"), member_leaves(other, "machine"), out);
  return out;
}

std::vector<std::string> cautions(const ComparedSide& side) {
  std::vector<std::string> out;
  if (!side.is_complete() && side.is_sweep()) {
    out.push_back(
        fmt::format("is incomplete: {} of its points did not finish", unfinished_points(side)));
  } else if (!side.is_complete()) {
    out.emplace_back("is incomplete: the run was interrupted, and its figures end there");
  }
  const herd::Duration lag(std::llround(side.lag_p99_us.value_or(0) * 1000));
  if (lag > kLagWorthTelling) {
    out.push_back(fmt::format(
        "fell behind its script: 1 action in 100 of its clients was at least {} late, so its reply "
        "times say more about the machine than about the herd",
        human_duration(lag)));
  }
  return out;
}

bool is_same_folder(const ComparedSide& base, const ComparedSide& other) {
  return json_equal(base.run.get(), other.run.get()) == 1 &&
         herds_against(base, other) == herds_against(other, base);
}

std::string same_run_words(const ComparedSide& base, const ComparedSide& other) {
  if (herds_against(base, other) != herds_against(other, base)) return "";
  if (!base.trace.empty() && base.trace == other.trace) return "equal trace hashes";
  return is_same_folder(base, other) ? "equal run.json" : "";
}

}  // namespace sim

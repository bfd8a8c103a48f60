#include "sim/app/sweep/read_sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include "sim/base/json/dump_json.h"
#include "sim/base/text/numbers.h"
#include "sim/script/read/fields.h"
#include "sim/script/read/kinds.h"
#include "sim/script/read/set_path.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

constexpr std::string_view kRight =
    R"(an object with a list of values for each swept key, as {"herds.*.servers": [5, 10]})";
constexpr std::string_view kValuesRight = "a list of at least one value";
constexpr std::string_view kSeedRight = R"(a list of seeds, or {"count": N})";

// The top-level keys that can be swept, with everything in them. All others apply to the whole
// sweep (`name`, `clock`, `expect` …).
constexpr std::array<std::string_view, 8> kSwept = {kSeedKey, "duration", "drain",   "service_time",
                                                    "wire",   "herds",    "clients", "events"};

struct Seeds {
  std::optional<std::int64_t> count;
};
const Fields<Seeds>& seed_fields() {
  static const Fields<Seeds> kFields = {
      {"count", WholeKind{1, kMaxSweepPoints}, &Seeds::count,
       "The number of seeds: the scenario's, and those that follow it.",
       required("how many seeds")},
  };
  return kFields;
}

// Returns the number that a percentage such as "1%" stands for; nullopt for any other text. It is
// read from its digits, so that 0.7% is 0.007 exactly.
std::optional<double> share_of(std::string_view text) {
  if (!text.ends_with('%') || text.find_first_of("eE") != text.npos) return std::nullopt;
  text.remove_suffix(1);
  return read_real(std::string(text) + "e-2");
}

std::string shown(const json_t* value) {
  if (const auto share = share_of(string_of(value))) return real_text(*share);
  if (json_is_string(value)) return std::string(string_of(value));
  if (json_is_real(value)) return real_text(json_real_value(value));
  return dump_json(value, 0);
}

// Returns whether two paths can be the same, or one can be within the other.
bool overlap(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  const std::size_t common = std::min(a.size(), b.size());
  return std::equal(
      a.begin(), a.begin() + static_cast<std::ptrdiff_t>(common), b.begin(),
      [](const std::string& x, const std::string& y) { return x == y || x == "*" || y == "*"; });
}

// Returns the path as a name that R and pandas take as it is: letters, digits and single
// underscores.
std::string column_name(std::string_view path) {
  std::string out;
  for (const char c : path) {
    const bool is_plain =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (is_plain) out += c;
    if (!is_plain && !out.empty() && !out.ends_with('_')) out += '_';
  }
  while (out.ends_with('_')) out.pop_back();
  return out;
}

// Names the keys' columns, each differently.
void name_columns(std::vector<SweptKey>& keys) {
  std::set<std::string> taken;
  for (SweptKey& key : keys) {
    const std::string name = column_name(key.path);
    key.column = name;
    for (int i = 2; !taken.insert(key.column).second; ++i)
      key.column = fmt::format("{}_{}", name, i);
  }
}

class SweepReader {
 public:
  SweepReader(const ScenarioDocument& document, Problems& problems)
      : document_(document), problems_(problems) {}

  std::vector<SweptKey> read() {
    const JsonNode node{json_object_get(document_.root.get(), "sweep"), "sweep"};
    if (!json_is_object(node.json)) {
      report_wrong_type(node, problems_, kRight);
      return {};
    }
    if (json_object_size(node.json) == 0) problems_.add(node.path, "is empty", std::string(kRight));
    const char* name = nullptr;
    json_t* values = nullptr;
    if (json_object_size(node.json) > kMaxSweptKeys) {
      problems_.add(node.path, fmt::format("has {} keys", json_object_size(node.json)),
                    fmt::format("at most {}", kMaxSweptKeys));
      return {};
    }
    json_object_foreach(node.json, name, values) {
      read_key(name, {values, node.member_path(name)});
    }
    std::stable_partition(keys_.begin(), keys_.end(),
                          [](const SweptKey& key) { return key.path != kSeedKey; });
    name_columns(keys_);
    limit_points();
    return std::move(keys_);
  }

 private:
  void read_key(const std::string& path, const JsonNode& node) {
    SweptKey key{path, {}, {}};
    const bool good = check_path(path, node);
    if (path.size() > kMaxSweptPath) return;
    if (path == kSeedKey && json_is_object(node.json)) {
      key.values = read_seed_count(node);
    } else {
      key.values = read_values(node, path == kSeedKey ? kSeedRight : kValuesRight);
    }
    if (good) keys_.push_back(std::move(key));
  }

  bool check_path(const std::string& path, const JsonNode& node) {
    if (path.size() > kMaxSweptPath) {
      problems_.add(node.path, fmt::format("is a path of {} characters", path.size()),
                    fmt::format("at most {}", kMaxSweptPath));
      return false;
    }
    const std::vector<std::string> names = split_path(path);
    const std::string& top = names.front();
    if (std::find(kSwept.begin(), kSwept.end(), top) == kSwept.end()) {
      problems_.add(node.path, sim::quoted(top) + " cannot be swept",
                    what_else(top, kSwept, problems_));
      return false;
    }
    if (path == "clients") {
      problems_.add(node.path, "is a column of summary.csv already and cannot be swept whole",
                    "a key in it, as clients.0.count");
      return false;
    }
    for (const SweptKey& other : keys_) {
      if (!overlap(names, split_path(other.path))) continue;
      problems_.add(node.path, fmt::format("sets what {} sets too", sim::quoted(other.path)),
                    "keys that do not overlap");
      return false;
    }
    for (const Source& source : document_.sources) {
      const std::vector<std::string> given = split_path(source.path);
      const bool lost = given.size() >= names.size() && overlap(names, given);
      // {"count": N} begins at the scenario's seed, so both may be given.
      if (!lost || (path == kSeedKey && json_is_object(node.json))) continue;
      problems_.add(node.path, "sets what " + without_controls(source.option) + " sets too",
                    "one of them");
      return false;
    }
    return true;
  }

  std::vector<SweptValue> read_values(const JsonNode& node, std::string_view right) {
    std::vector<SweptValue> values;
    const auto size = read_list(node, problems_, right);
    if (size && *size == 0) problems_.add(node.path, "is empty", std::string(right));
    std::set<std::string> seen;
    for (std::size_t i = 0; i < size.value_or(0); ++i) {
      const JsonNode item = node.item(i);
      values.push_back({dump_json(item.json, 0), shown(item.json)});
      if (seen.insert(values.back().shown).second) continue;
      problems_.add(item.path, sim::quoted(values.back().shown) + " is in the list already",
                    "each value once");
    }
    return values;
  }

  std::vector<SweptValue> read_seed_count(const JsonNode& node) {
    ObjectReader object(node, problems_, kSeedRight);
    Seeds seeds;
    read_fields(object, seed_fields(), seeds);
    object.finish();
    if (!seeds.count) return {};
    std::int64_t first = 1;
    if (json_t* const seed = json_object_get(document_.root.get(), "seed")) {
      const auto read = WholeKind{0, kMaxSeed - *seeds.count + 1}.read({seed, "seed"}, problems_);
      if (!read) return {};
      first = *read;
    }
    std::vector<SweptValue> values;
    for (std::int64_t i = 0; i < *seeds.count; ++i) {
      const std::string seed = std::to_string(first + i);
      values.push_back({seed, seed});
    }
    return values;
  }

  void limit_points() {
    std::size_t points = 1;
    constexpr auto kMost = static_cast<std::size_t>(kMaxSweepPoints);
    for (const SweptKey& key : keys_) {
      points *= std::max<std::size_t>(key.values.size(), 1);
      if (points <= kMost) continue;
      problems_.add("sweep", "has too many points", fmt::format("at most {}", kMost));
      return;
    }
  }

  const ScenarioDocument& document_;
  Problems& problems_;
  std::vector<SweptKey> keys_;
};

}  // namespace

std::vector<SweptKey> read_sweep(const ScenarioDocument& document, Problems& problems) {
  return SweepReader(document, problems).read();
}

Schema sweep_schema() {
  const Schema list = R"("type": "array", "minItems": 1, "uniqueItems": true)";
  const Schema seeds =
      R"("description": "Seeds; or how many, from the scenario's on.")" +
      one_of({list + WholeKind{0, kMaxSeed}.schema().as("items"), object_schema(seed_fields())});
  const Schema values =
      R"("description": "Any values that the key can have. * stands for every item of a list.")" +
      list;
  return R"("type": "object")" + seeds.as(kSeedKey).as("properties") +
         values
             .as("^(duration|drain|service_time|wire|(herds|events)(\\.[^.]+)*|clients(\\.[^.]+)+)"
                 "$")
             .as("patternProperties") +
         R"("additionalProperties": false, "minProperties": 1)";
}

}  // namespace sim

#include "sim/app/sweep/load_sweep.h"

#include <utility>

#include "sim/app/sweep/point_problems.h"
#include "sim/app/sweep/read_sweep.h"
#include "sim/app/sweep/shard_points.h"
#include "sim/base/json/dump_json.h"
#include "sim/base/json/parse_json.h"
#include "sim/script/read/read_scenario.h"
#include "sim/script/read/set_path.h"

namespace sim {
namespace {

// The JSON of a point, and the paths that each swept key has set in it. Each point parses its own
// copy of the texts, so that threads share no JSON.
struct PointJson {
  OwnedJson root;
  std::vector<std::vector<std::string>> places;
};

PointJson point_json(const Sweep& sweep, const std::vector<std::size_t>& choice,
                     Problems& problems) {
  PointJson point;
  point.root = parse_json(sweep.base);
  for (std::size_t k = 0; k < sweep.keys.size(); ++k) {
    const SweptKey& key = sweep.keys[k];
    const OwnedJson value = parse_json(key.values[choice[k]].json, JSON_DECODE_ANY);
    point.places.push_back(set_path(point.root.get(), key.path, value.get(), problems));
  }
  return point;
}

// Returns about how many thousandths of a millisecond it takes to read the scenario.
std::size_t work_of(const Sweep& sweep, const Scenario& scenario) {
  std::size_t work = 20 + sweep.base.size() / 20;
  for (const HerdSpec& herd : scenario.herds) work += herd.servers.size() + herd.links.size();
  for (const ClientGroup& group : scenario.clients) work += group.count;
  return work;
}

// Returns the sweep's own points in the order in which they are checked: first those in which one
// key alone has not its first value, so that each value is checked early.
std::vector<std::size_t> points_to_check(const Sweep& sweep) {
  std::vector<std::size_t> order = {0};
  std::size_t stride = sweep.points();
  for (const SweptKey& key : sweep.keys) {
    stride /= key.values.size();
    for (std::size_t v = 1; v < key.values.size(); ++v) order.push_back(v * stride);
  }
  std::vector<bool> wanted = own_points(sweep);
  std::vector<std::size_t> own;
  const auto list = [&](std::size_t point) {
    if (wanted[point]) own.push_back(point);
    wanted[point] = false;
  };
  for (const std::size_t point : order) list(point);
  for (std::size_t p = 0; p < sweep.points(); ++p) list(p);
  return own;
}

void add_point_problems(Sweep& sweep, Problems& problems) {
  constexpr std::size_t kMostWork = 2'000'000;
  PointProblems of_points(sweep, problems);
  std::size_t work = 0;
  for (const std::size_t point : points_to_check(sweep)) {
    if (work > kMostWork) break;
    Problems of_point;
    const auto choice = sweep.choice(point);
    const PointJson json = point_json(sweep, choice, of_point);
    work += work_of(sweep, read_scenario(sweep.file, json.root.get(), of_point));
    of_points.add(choice, json.places, of_point);
    ++sweep.checked;
  }
  of_points.tell(problems);
}

}  // namespace

herd::Result<Sweep, ScenarioErrors> to_sweep(const ScenarioDocument& document,
                                             std::optional<Shard> shard) {
  Problems of_sweep = document.problems;
  Sweep sweep;
  sweep.shard = shard;
  sweep.file = document.file;
  sweep.keys = read_sweep(document, of_sweep);
  sweep.as_run = dump_scenario(document.root.get());
  const OwnedJson base(json_copy(document.root.get()));
  json_object_del(base.get(), "sweep");
  sweep.base = dump_json(base.get(), 0);  // not nested too deep to be parsed again

  Problems problems = of_sweep;
  const Scenario scenario = read_scenario(document.file, base.get(), problems);
  sweep.name = scenario.name;
  sweep.clock = scenario.clock;
  sweep.seed = scenario.seed;
  if (!of_sweep.any()) add_point_problems(sweep, problems);
  if (!problems.any()) {
    sweep.warnings = describe_warnings(document.file, document.text, problems, document.sources);
    return sweep;
  }
  return describe_problems(document.file, document.text, problems, document.sources);
}

herd::Result<Scenario, ScenarioErrors> point_scenario(const Sweep& sweep, std::size_t point) {
  Problems problems;
  const PointJson json = point_json(sweep, sweep.choice(point), problems);
  Scenario scenario = read_scenario(sweep.file, json.root.get(), problems);
  if (!problems.any()) {
    scenario.as_run = dump_scenario(json.root.get());
    return scenario;
  }
  ScenarioErrors errors;
  for (const Problem& problem : problems.all()) {
    errors.push_back(describe_problem(sweep.file, 1, problem));
  }
  return errors;
}

}  // namespace sim

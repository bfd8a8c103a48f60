#include "sim/app/sweep/load_sweep.h"

#include <utility>

#include "sim/app/sweep/point_problems.h"
#include "sim/app/sweep/read_sweep.h"
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

void add_point_problems(const Sweep& sweep, Problems& problems) {
  PointProblems of_points(sweep, problems);
  const std::size_t points = sweep.points();
  for (std::size_t p = 0; p < points; ++p) {
    Problems of_point;
    const auto choice = sweep.choice(p);
    const PointJson json = point_json(sweep, choice, of_point);
    read_scenario(sweep.file, json.root.get(), of_point);
    of_points.add(choice, json.places, of_point);
  }
  of_points.tell(problems);
}

}  // namespace

herd::Result<Sweep, ScenarioErrors> to_sweep(const ScenarioDocument& document) {
  Problems of_sweep = document.problems;
  Sweep sweep;
  sweep.file = document.file;
  sweep.keys = read_sweep(document, of_sweep);
  sweep.as_run = dump_scenario(document.root.get());
  const OwnedJson base(json_copy(document.root.get()));
  json_object_del(base.get(), "sweep");
  sweep.base = dump_json(base.get(), 0);

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

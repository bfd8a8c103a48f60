#include "sim/script/read/load_scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/fields.h"
#include "sim/script/read/json_reader.h"
#include "sim/script/read/json_value.h"
#include "sim/script/read/names.h"
#include "sim/script/read/problems.h"
#include "sim/script/read/read_clients.h"
#include "sim/script/read/read_events.h"
#include "sim/script/read/read_expect.h"
#include "sim/script/read/read_herds.h"
#include "sim/script/read/read_virtual_model.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

std::string read_scenario_name(const JsonNode& node, Problems& problems) {
  const std::string right =
      fmt::format("1 to {} of A-Z a-z 0-9 . _ - and not dots alone", kMaxScenarioName);
  const auto name = read_text(node, problems, right);
  if (!name) return "";
  // The characters of a server's name, but longer.
  const bool good = !name->empty() && name->size() <= kMaxScenarioName &&
                    name->find_first_not_of('.') != std::string::npos &&
                    std::all_of(name->begin(), name->end(),
                                [](char c) { return herd::is_name(std::string_view(&c, 1)); });
  if (!good) problems.add(node.path, quoted(*name) + " is not a scenario's name", right);
  return *name;
}

}  // namespace

Scenario read_scenario(const std::string& file, json_t* root, Problems& problems) {
  Scenario scenario;
  scenario.file = file;
  ObjectReader object({root, ""}, problems, "an object");
  if (const auto name = object.required("name", "the run's name")) {
    scenario.name = read_scenario_name(*name, problems);
  }
  if (const auto about = object.optional("about")) {
    scenario.about = read_text(*about, problems, "a sentence").value_or("");
  }
  if (const auto seed = object.optional("seed")) {
    scenario.seed =
        static_cast<std::uint64_t>(read_whole(*seed, problems, 0, kMaxSeed).value_or(0));
  }
  if (const auto clock = object.optional("clock")) {
    static const std::array kClocks = {
        Choice<ClockKind>{to_string(ClockKind::kLive), ClockKind::kLive},
        Choice<ClockKind>{to_string(ClockKind::kVirtual), ClockKind::kVirtual}};
    scenario.clock = read_choice(*clock, problems, kClocks).value_or(scenario.clock);
  }
  std::optional<Duration> duration;
  if (const auto node = object.required("duration", kPositiveDuration.right)) {
    duration = read_duration(*node, problems, kPositiveDuration);
    scenario.duration = duration.value_or(Duration(0));
  }
  if (const auto drain = object.optional("drain")) {
    scenario.drain = read_duration(*drain, problems, kNonNegativeDuration).value_or(scenario.drain);
  }
  if (const auto record = object.optional("record")) {
    static constexpr std::array kLevels = {
        Choice<RecordLevel>{"summary", RecordLevel::kSummary},
        Choice<RecordLevel>{"updates", RecordLevel::kUpdates},
        Choice<RecordLevel>{"deliveries", RecordLevel::kDeliveries},
    };
    scenario.record = read_choice(*record, problems, kLevels).value_or(scenario.record);
  }

  const VirtualModel model = read_virtual_model(object, scenario.clock, {}, problems);
  const std::string folder = file.substr(0, file.rfind('/') + 1);  // empty where there is none
  Names names;
  std::vector<HerdRead> herds;
  if (const auto node = object.required("herds", "a list of at least one herd")) {
    herds = read_herds(*node, {scenario.seed, scenario.clock, model}, folder, problems);
    names.herds_known = json_is_array(node->json) &&
                        std::none_of(herds.begin(), herds.end(),
                                     [](const HerdRead& herd) { return herd.spec.name.empty(); });
  }
  for (const HerdRead& herd : herds) names.herds.emplace_back(herd);
  names.clients_known = true;
  if (const auto clients = object.optional("clients")) {
    scenario.clients = read_clients(*clients, herds, folder, scenario.duration, names, problems);
  }
  if (const auto events = object.optional("events")) {
    scenario.events = read_events(*events, duration, names, problems);
  }
  if (const auto expect = object.optional("expect")) {
    scenario.expect = read_expect(*expect, names, problems);
  }
  object.optional("sweep");  // is nothing of one scenario
  object.finish();
  for (HerdRead& herd : herds) scenario.herds.push_back(std::move(herd.spec));
  return scenario;
}

herd::Result<Scenario, ScenarioErrors> load_scenario(const std::string& file,
                                                     const LoadOptions& options) {
  auto document = load_document(file, options);
  if (!document) return document.error();
  return to_scenario(*document);
}

herd::Result<Scenario, ScenarioErrors> parse_scenario(const std::string& file,
                                                      const std::string& text,
                                                      const LoadOptions& options) {
  auto document = parse_document(file, text, options);
  if (!document) return document.error();
  return to_scenario(*document);
}

herd::Result<Scenario, ScenarioErrors> to_scenario(const ScenarioDocument& document) {
  Problems problems = document.problems;
  Scenario scenario;
  if (document.has_sweep()) {
    // Without what the sweep sets the rest may look wrong that is not.
    problems.add("sweep", "makes many scenarios of this one, and here one is needed",
                 "leave it out, as by --set sweep=null");
  } else {
    scenario = read_scenario(document.file, document.root.get(), problems);
  }
  if (problems.any()) {
    return describe_problems(document.file, document.text, problems, document.sources);
  }
  scenario.as_run = dump_scenario(document.root.get());
  return scenario;
}

}  // namespace sim

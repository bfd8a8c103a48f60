#include "sim/script/read/read_scenario.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "core/fields.h"
#include "sim/script/read/check_keep_alives.h"
#include "sim/script/read/check_size.h"
#include "sim/script/read/fields.h"
#include "sim/script/read/kinds.h"
#include "sim/script/read/names.h"
#include "sim/script/read/read_clients.h"
#include "sim/script/read/read_events.h"
#include "sim/script/read/read_expect.h"
#include "sim/script/read/read_herds.h"
#include "sim/script/read/read_messages.h"
#include "sim/script/read/read_virtual_model.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

// Whether an event makes lines late that are not lost.
struct LetsLinesWait {
  template <class E>
  bool operator()(const E& event) const {
    if constexpr (requires { event.ways; }) {
      if (event.ways != CutWays::kBoth) return true;
    }
    if constexpr (requires { event.how; }) {
      return event.how == CutHow::kBlackhole;
    }
    return false;
  }
  bool operator()(const SetLinkEvent&) const { return true; }
  bool operator()(const PauseEvent&) const { return true; }
  bool operator()(const ChaosEvent&) const { return true; }
};

const Choice<ClockKind> kClocks[] = {
    {to_string(ClockKind::kLive), ClockKind::kLive},
    {to_string(ClockKind::kVirtual), ClockKind::kVirtual},
};
constexpr Choice<RecordLevel> kLevels[] = {
    {"summary", RecordLevel::kSummary},
    {"updates", RecordLevel::kUpdates},
    {"deliveries", RecordLevel::kDeliveries},
};

static_assert(kMaxScenarioName == 200, "the texts below say so");
constexpr TextKind kScenarioName{
    "1 to 200 of A-Z a-z 0-9 . _ - and not dots alone",
    R"("type": "string", "pattern": "^(?!\\.+$)[A-Za-z0-9._-]{1,200}$")",
    [](std::string_view name) {
      // The characters of a server's name, but longer.
      return !name.empty() && name.size() <= kMaxScenarioName &&
             name.find_first_not_of('.') != std::string::npos &&
             std::all_of(name.begin(), name.end(),
                         [](char c) { return herd::is_name(std::string_view(&c, 1)); });
    },
    "is not a scenario's name"};

const Fields<Scenario>& run_fields() {
  static const Fields<Scenario> kFields = {
      {"name", kScenarioName, &Scenario::name, "The run's name, and its folder in results/.",
       required("the run's name")},
      {"about", TextKind{"a sentence"}, &Scenario::about,
       "A sentence about what the scenario shows."},
      {"seed", WholeKind{0, kMaxSeed}, &Scenario::seed, "Every random choice comes from it."},
      {"clock", choice_of(kClocks), &Scenario::clock,
       "live: real sockets and real time; virtual: neither, and every run gives the same files."},
      {"duration", kPositiveDuration, &Scenario::duration, "The length of the script.", required()},
      {"drain", kNonNegativeDuration, &Scenario::drain,
       "How long floods may take to settle after the script."},
      {"record", choice_of(kLevels), &Scenario::record, "How much goes to CSV files."},
  };
  return kFields;
}

class ScenarioReader {
 public:
  ScenarioReader(const std::string& file, std::vector<TextItems>& lists, bool keeps_clients,
                 Problems& problems)
      : folder_(file.substr(0, file.rfind('/') + 1)),
        lists_(lists),
        keeps_clients_(keeps_clients),
        problems_(problems) {}

  Scenario read(json_t* root) {
    Scenario scenario;
    ObjectReader object({root, ""}, problems_, "an object");
    object.ignore("$schema");
    read_fields(object, run_fields(), scenario);
    refuse_virtual_model(object, scenario.clock);
    read_fields(object, virtual_model_fields(), model_);
    names_.clients_known = true;
    read_fields(object, part_fields(), scenario, *this);
    if (!object.has("messages") && scenario.record == RecordLevel::kSummary) {
      scenario.messages.rows = 0;
    }
    object.optional("sweep");  // is for many scenarios
    object.finish();
    for (HerdRead& herd : herds_) scenario.herds.push_back(std::move(herd.spec));
    if (!problems_.any()) size_.finish(scenario, problems_);
    return scenario;
  }

  static const Fields<Scenario, ScenarioReader>& part_fields() {
    static const Fields<Scenario, ScenarioReader> kFields = {
        {"messages", Described{messages_schema}, &ScenarioReader::read_messages,
         "Which updates have a row in messages.csv for each message that carried them. Default: "
         "about 20,000 rows a herd, but none if record is summary."},
        {"herds", Described{herds_schema, "a list of at least one herd"},
         &ScenarioReader::read_herds,
         "The herds, which run side by side. Each is given the same client script.", required()},
        {"clients", Described{clients_schema}, &ScenarioReader::read_clients,
         "Groups of clients that are alike."},
        {"events", Described{events_schema}, &ScenarioReader::read_events, "What happens when."},
        {"expect", Described{expect_schema}, &ScenarioReader::read_expect,
         "What the figures should be."},
    };
    return kFields;
  }

 private:
  void read_herds(const JsonNode& node, Scenario& scenario) {
    herds_ = sim::read_herds(node, {scenario.seed, scenario.clock, model_}, folder_, problems_);
    names_.herds_known = json_is_array(node.json) && json_array_size(node.json) == herds_.size() &&
                         std::none_of(herds_.begin(), herds_.end(),
                                      [](const auto& herd) { return herd.spec.name.empty(); });
    for (const HerdRead& herd : herds_) names_.herds.emplace_back(herd);
  }

  void read_messages(const JsonNode& node, Scenario& scenario) {
    scenario.messages = sim::read_messages(node, problems_);
  }

  void read_clients(const JsonNode& of_key, Scenario& scenario) {
    const JsonNode node{of_key.json, of_key.path, find_items(lists_, "clients")};
    if (keeps_clients_) scenario.clients.reserve(node.size());
    const auto take = [&](ClientGroup group) {
      if (!problems_.any()) size_.add(group, herds_.size(), scenario.duration);
      if (keeps_clients_) scenario.clients.push_back(std::move(group));
    };
    sim::read_clients(node, herds_, folder_, scenario.duration, names_, problems_, take);
  }

  void read_events(const JsonNode& of_key, Scenario& scenario) {
    const JsonNode node{of_key.json, of_key.path, find_items(lists_, "events")};
    const bool is_known = scenario.duration > Duration(0);
    const auto duration = is_known ? std::optional(scenario.duration) : std::nullopt;
    scenario.events = sim::read_events(node, duration, names_, problems_);
    // After a problem an event may be missing, and names may be.
    if (problems_.any()) return;
    check_keep_alives(node, scenario.events, names_, herds_, problems_);
    for (std::uint32_t h = 0; h < herds_.size(); ++h) {
      herds_[h].spec.steady =
          std::none_of(scenario.events.begin(), scenario.events.end(), [&](const Event& event) {
            return event.concerns(h) && std::visit(LetsLinesWait{}, event.action);
          });
    }
  }

  void read_expect(const JsonNode& node, Scenario& scenario) {
    scenario.expect = sim::read_expect(node, names_, problems_);
  }

  std::string folder_;  // the file's, with a slash at its end; empty if the file names none
  std::vector<TextItems>& lists_;
  bool keeps_clients_;
  Problems& problems_;
  VirtualModel model_;
  std::vector<HerdRead> herds_;
  Names names_;
  SizeCheck size_;
};

// Returns rules of the schema that depend on the clock.
Schema clock_rules() {
  Schema refused("");
  for (const std::string_view key : keys_of(virtual_model_fields())) {
    refused += to_json(key) + ": false";
  }
  return Schema(R"("if": {"properties": {"clock": {"const": "virtual"}}, "required": ["clock"]},
      "then": {"properties": {"herds": {"items": {"properties": {
        "engine": {"const": "native"},
        "loops": {"maximum": 1},
        "places": {"properties": {"provider": {"const": "embedded"}}}}}}}})") +
         (refused + refused.as("properties").as("items").as("herds")).as("properties").as("else");
}

}  // namespace

Scenario read_scenario(const std::string& file, json_t* root, Problems& problems) {
  std::vector<TextItems> none;
  return read_scenario(file, root, none, true, problems);
}

Scenario read_scenario(const std::string& file, json_t* root, std::vector<TextItems>& lists,
                       bool clients, Problems& problems) {
  Scenario scenario = ScenarioReader(file, lists, clients, problems).read(root);
  scenario.file = file;
  return scenario;
}

Schema scenario_schema(const Schema& sweep) {
  const Property schema{"$schema", R"("description": "Where editors find this schema; the program )"
                                   R"(ignores it.")"};
  const Property swept{
      "sweep", R"("description": "Keys of the scenario, as herds.*.servers, and the values that )"
               R"(each takes. Every combination is run.")" +
                   sweep};
  return R"("$schema": "https://json-schema.org/draft/2020-12/schema",
      "$id": "urn:herdsim:scenario",
      "title": "A herdsim scenario",
      "description": "Written by `herdsim schema`; scenarios/README.md explains the keys. Names )"
         R"(that refer to each other, as a client's server, are checked by the program alone.")" +
         object_schema(properties_of(schema, run_fields(), virtual_model_fields(),
                                     ScenarioReader::part_fields(), swept),
                       clock_rules());
}

}  // namespace sim

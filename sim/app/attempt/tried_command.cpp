#include "sim/app/attempt/tried_command.h"

#include <algorithm>
#include <array>

#include "sim/base/json/dump_json.h"
#include "sim/base/json/make_json.h"
#include "sim/base/json/parse_json.h"
#include "sim/script/read/load_scenario.h"
#include "sim/script/spec/placeholders.h"

namespace sim {
namespace {

constexpr std::string_view kHerdName = "tried";
constexpr std::array<std::string_view, 7> kWordsOfOneServer = {
    "server", "port", "dial", "expect", "neighbors", "neighbor_names", "neighbor_ports"};

// Returns whether one process is the whole herd: it is told all ports, and nothing of one server.
bool is_one_process(const TriedCommand& command) {
  bool has_all = false, has_one = false;
  for (const std::string& word : command.words) {
    for (const Placeholder& each : placeholders_in(word)) {
      has_all = has_all || each.name == "servers" || each.name == "ports" || !each.argument.empty();
      has_one = has_one || (each.argument.empty() &&
                            std::find(kWordsOfOneServer.begin(), kWordsOfOneServer.end(),
                                      each.name) != kWordsOfOneServer.end());
    }
  }
  return has_all && !has_one;
}

OwnedJson environment(const TriedCommand& command) {
  OwnedJson out(json_object());
  for (const auto& [name, value] : command.env) put(out.get(), name, value);
  return out;
}

}  // namespace

OwnedJson engine_json(const TriedCommand& command, const Habits& habits) {
  OwnedJson engine(json_object());
  put(engine.get(), "command", json_texts(command.words));
  if (is_one_process(command)) put(engine.get(), "per", "herd");
  if (!command.cwd.empty()) put(engine.get(), "cwd", command.cwd);
  if (!command.env.empty()) put(engine.get(), "env", environment(command));
  if (!command.ports.empty()) {
    OwnedJson ports(json_array());
    for (const std::uint16_t port : command.ports) add(ports.get(), json_count(port));
    put(engine.get(), "ports", std::move(ports));
  }
  add_habits(engine.get(), habits);
  return engine;
}

herd::Result<Scenario, Error> tried_scenario(const TriedCommand& command, const Habits& habits,
                                             std::string_view more) {
  OwnedJson herd(json_object());
  put(herd.get(), "name", kHerdName);
  put(herd.get(), "engine", engine_json(command, habits));
  OwnedJson herds(json_array());
  add(herds.get(), std::move(herd));
  OwnedJson root = parse_json(R"({"name": "try", )" + std::string(more) + "}");
  put(root.get(), "herds", std::move(herds));
  auto scenario = parse_scenario("herdsim try", dump_json(root.get(), 2));
  if (!scenario) {
    std::string what;
    for (const std::string& each : scenario.error()) what += (what.empty() ? "" : "\n") + each;
    return Error{what};
  }
  scenario->herds.front().external->ready_within = kTriedReadyWithin;
  return std::move(*scenario);
}

}  // namespace sim

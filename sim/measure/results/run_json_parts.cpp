#include "sim/measure/results/run_json_parts.h"

#include <utility>

#include "sim/base/build_info.h"
#include "sim/base/json/dump_json.h"
#include "sim/base/json/make_json.h"
#include "sim/base/json/parse_json.h"

namespace sim {
namespace {

OwnedJson describe(const Machine& machine) {
  OwnedJson object(json_object());
  put(object.get(), "os", machine.os);
  put(object.get(), "kernel", machine.kernel);
  put(object.get(), "cpu", machine.cpu);
  put(object.get(), "cores", json_count(machine.cores));
  put(object.get(), "memory_bytes", json_count(machine.memory_bytes));
  return object;
}

OwnedJson describe_program() {
  OwnedJson object(json_object());
  put(object.get(), "version", HERDSIM_VERSION);
  put(object.get(), "commit", kBuildCommit);
  put(object.get(), "compiler", kBuildCompiler);
  put(object.get(), "architecture", kBuildArchitecture);
  put(object.get(), "build_type", kBuildType);
  put(object.get(), "assertions", json_flag(kHasAssertions));
  return object;
}

// Returns the JSON of a text; JSON's null if the text is not JSON.
OwnedJson parsed(const std::string& text) {
  OwnedJson value = parse_json(text);
  return value ? std::move(value) : OwnedJson(json_null());
}

}  // namespace

OwnedJson begin_run_json(const RunOpening& opening) {
  OwnedJson document(json_object());
  put(document.get(), "name", opening.name);
  put(document.get(), "complete", json_flag(opening.complete));
  put(document.get(), "dry_run", json_flag(opening.dry_run));
  put(document.get(), "seed", json_count(opening.seed));
  put(document.get(), "clock", opening.clock);
  put(document.get(), "version", HERDSIM_VERSION);
  put(document.get(), "start", opening.start);
  put(document.get(), "machine", describe(opening.machine));
  put(document.get(), "herdsim", describe_program());
  put(document.get(), "scenario", parsed(opening.scenario));
  return document;
}

OwnedJson describe(const ExpectationResult& expectation) {
  OwnedJson object(json_object());
  put(object.get(), "herd", expectation.herd);
  put(object.get(), "metric", expectation.metric);
  if (expectation.equals) put(object.get(), "equals", json_figure(expectation.equals));
  if (expectation.min) put(object.get(), "min", json_figure(expectation.min));
  if (expectation.max) put(object.get(), "max", json_figure(expectation.max));
  put(object.get(), "figure", json_figure(expectation.figure));
  put(object.get(), "held", json_flag(expectation.held));
  return object;
}

std::string format_json(const OwnedJson& document) { return dump_json(document.get(), 2) + '\n'; }

}  // namespace sim

#include "sim/results/run_json.h"

#include <fmt/format.h>
#include <jansson.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>
#include <string_view>

#include "sim/json/owned_json.h"
#include "sim/results/numbers.h"
#include "sim/results/out_file.h"
#include "sim/text/utf8.h"

namespace sim {
namespace {

json_t* text(std::string_view value) {
  const std::string utf8 = to_utf8(value);  // jansson takes nothing else
  return json_stringn(utf8.data(), utf8.size());
}

template <class Count>
json_t* integer(Count value) {
  return json_integer(static_cast<json_int_t>(value));
}

// A whole number without a point, as a person would write it; null for none.
json_t* number(std::optional<double> value) {
  if (!value || !std::isfinite(*value)) return json_null();
  constexpr double kExact = 9007199254740992;  // 2^53: up to here a double holds every integer
  if (std::trunc(*value) == *value && std::abs(*value) <= kExact) return integer(*value);
  return json_real(*value);
}

json_t* strings(const std::vector<std::string>& values) {
  json_t* array = json_array();
  for (const std::string& value : values) json_array_append_new(array, text(value));
  return array;
}

void set(const OwnedJson& object, std::string_view key, json_t* value) {
  json_object_set_new(object.get(), to_utf8(key).c_str(), value);
}

json_t* describe(const Machine& machine) {
  OwnedJson object(json_object());
  set(object, "os", text(machine.os));
  set(object, "kernel", text(machine.kernel));
  set(object, "cpu", text(machine.cpu));
  set(object, "cores", integer(machine.cores));
  set(object, "memory_bytes", integer(machine.memory_bytes));
  return object.release();
}

json_t* describe_program() {
  OwnedJson object(json_object());
  set(object, "version", text(HERDSIM_VERSION));
  set(object, "compiler",
      text(
#ifdef __clang__
          __VERSION__
#else
          "GCC " __VERSION__
#endif
          ));
#ifdef NDEBUG
  set(object, "assertions", json_false());
#else
  set(object, "assertions", json_true());
#endif
  return object.release();
}

json_t* describe(const ExpectationResult& expectation) {
  OwnedJson object(json_object());
  set(object, "herd", text(expectation.herd));
  set(object, "metric", text(expectation.metric));
  if (expectation.equals) set(object, "equals", number(expectation.equals));
  if (expectation.min) set(object, "min", number(expectation.min));
  if (expectation.max) set(object, "max", number(expectation.max));
  set(object, "figure", number(expectation.figure));
  set(object, "held", json_boolean(expectation.held));
  return object.release();
}

json_t* micros(std::optional<Duration> value) {
  if (!value) return json_null();
  return number(static_cast<double>(value->count()) / 1000);
}

json_t* describe(const LatencyHistogram& lag) {
  OwnedJson object(json_object());
  set(object, "p50_us", micros(lag.percentile(50)));
  set(object, "p99_us", micros(lag.percentile(99)));
  set(object, "max_us", micros(lag.max()));
  set(object, "actions", integer(lag.count()));
  return object.release();
}

json_t* scenario_as_run(const std::string& as_run) {
  json_t* scenario = json_loadb(as_run.data(), as_run.size(), 0, nullptr);
  return scenario != nullptr ? scenario : json_null();
}

bool survives(double value, int digits) {
  char out[32];
  const auto end =
      std::to_chars(out, out + sizeof out, value, std::chars_format::general, digits).ptr;
  double read = 0;
  std::from_chars(out, end, read);
  return read == value;
}

// How many digits a document's reals need to read back as they are. jansson writes all of them
// with one precision, and 17 digits, which always do, make 0.10000000000000001 of 0.1.
int digits_needed(json_t* value) {
  int digits = 15;
  if (json_is_real(value)) {
    while (digits < 17 && !survives(json_real_value(value), digits)) ++digits;
  } else if (json_is_array(value)) {
    for (std::size_t i = 0; i < json_array_size(value); ++i) {
      digits = std::max(digits, digits_needed(json_array_get(value, i)));
    }
  } else if (json_is_object(value)) {
    for (void* at = json_object_iter(value); at != nullptr; at = json_object_iter_next(value, at)) {
      digits = std::max(digits, digits_needed(json_object_iter_value(at)));
    }
  }
  return digits;
}

int append(const char* bytes, std::size_t size, void* out) {
  static_cast<std::string*>(out)->append(bytes, size);
  return 0;
}

}  // namespace

std::string format_run_json(const Scenario& scenario, const RunResults& run, const Machine& machine,
                            const std::vector<std::string>& files) {
  OwnedJson expectations(json_array());
  for (const ExpectationResult& expectation : run.expectations) {
    json_array_append_new(expectations.get(), describe(expectation));
  }
  OwnedJson violations(json_object());
  for (const HerdResults& herd : run.herds) set(violations, herd.herd, strings(herd.violations));

  const OwnedJson document(json_object());
  set(document, "name", text(scenario.name));
  set(document, "complete", json_boolean(run.complete));
  set(document, "dry_run", json_boolean(run.dry_run));
  set(document, "seed", integer(scenario.seed));
  set(document, "clock", text(to_string(scenario.clock)));
  set(document, "version", text(HERDSIM_VERSION));
  set(document, "start", text(run.start));
  set(document, "machine", describe(machine));
  set(document, "herdsim", describe_program());
  set(document, "scenario", scenario_as_run(scenario.as_run));
  set(document, "schedule_lag", describe(run.schedule_lag));
  if (run.trace_hash) set(document, "trace_hash", text(fmt::format("{:016x}", *run.trace_hash)));
  set(document, "expectations", expectations.release());
  set(document, "violations", violations.release());
  set(document, "files", strings(files));

  std::string out;
  const auto precision = static_cast<std::size_t>(digits_needed(document.get()));
  json_dump_callback(document.get(), append, &out, JSON_INDENT(2) | JSON_REAL_PRECISION(precision));
  out += '\n';
  return out;
}

std::optional<FileError> write_run_json(const Scenario& scenario, const RunResults& run,
                                        const Machine& machine,
                                        const std::vector<std::string>& files,
                                        const std::filesystem::path& folder) {
  OutFile file(folder / kRunFile);
  file.write(format_run_json(scenario, run, machine, files));
  return file.close();
}

bool is_dry_run(const std::filesystem::path& folder) {
  const OwnedJson document(json_load_file((folder / kRunFile).c_str(), 0, nullptr));
  return json_is_true(json_object_get(document.get(), "dry_run"));
}

}  // namespace sim

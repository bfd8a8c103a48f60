#include "sim/measure/results/json_parts.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "sim/base/text/utf8.h"

namespace sim {
namespace {

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

json_t* new_text(std::string_view value) {
  const std::string utf8 = to_utf8(value);  // jansson takes nothing else
  return json_stringn(utf8.data(), utf8.size());
}

json_t* new_figure(std::optional<double> value) {
  if (!value || !std::isfinite(*value)) return json_null();
  constexpr double kExact = 9007199254740992;  // 2^53: up to here a double holds every integer
  if (std::trunc(*value) == *value && std::abs(*value) <= kExact) return new_count(*value);
  return json_real(*value);
}

json_t* new_texts(const std::vector<std::string>& values) {
  json_t* array = json_array();
  for (const std::string& value : values) json_array_append_new(array, new_text(value));
  return array;
}

void set_member(const OwnedJson& object, std::string_view key, json_t* value) {
  json_object_set_new(object.get(), to_utf8(key).c_str(), value);
}

namespace {

json_t* describe(const Machine& machine) {
  OwnedJson object(json_object());
  set_member(object, "os", new_text(machine.os));
  set_member(object, "kernel", new_text(machine.kernel));
  set_member(object, "cpu", new_text(machine.cpu));
  set_member(object, "cores", new_count(machine.cores));
  set_member(object, "memory_bytes", new_count(machine.memory_bytes));
  return object.release();
}

json_t* describe_program() {
  OwnedJson object(json_object());
  set_member(object, "version", new_text(HERDSIM_VERSION));
  set_member(object, "compiler",
             new_text(
#ifdef __clang__
                 __VERSION__
#else
                 "GCC " __VERSION__
#endif
                 ));
#ifdef NDEBUG
  set_member(object, "assertions", json_false());
#else
  set_member(object, "assertions", json_true());
#endif
  return object.release();
}

// The JSON of a text; null where it is none.
json_t* parsed(const std::string& text) {
  json_t* value = json_loadb(text.data(), text.size(), 0, nullptr);
  return value != nullptr ? value : json_null();
}

}  // namespace

OwnedJson begin_run_json(const RunOpening& opening) {
  OwnedJson document(json_object());
  set_member(document, "name", new_text(opening.name));
  set_member(document, "complete", json_boolean(opening.complete));
  set_member(document, "dry_run", json_boolean(opening.dry_run));
  set_member(document, "seed", new_count(opening.seed));
  set_member(document, "clock", new_text(opening.clock));
  set_member(document, "version", new_text(HERDSIM_VERSION));
  set_member(document, "start", new_text(opening.start));
  set_member(document, "machine", describe(opening.machine));
  set_member(document, "herdsim", describe_program());
  set_member(document, "scenario", parsed(opening.scenario));
  return document;
}

json_t* describe(const ExpectationResult& expectation) {
  OwnedJson object(json_object());
  set_member(object, "herd", new_text(expectation.herd));
  set_member(object, "metric", new_text(expectation.metric));
  if (expectation.equals) set_member(object, "equals", new_figure(expectation.equals));
  if (expectation.min) set_member(object, "min", new_figure(expectation.min));
  if (expectation.max) set_member(object, "max", new_figure(expectation.max));
  set_member(object, "figure", new_figure(expectation.figure));
  set_member(object, "held", json_boolean(expectation.held));
  return object.release();
}

std::string format_json(const OwnedJson& document) {
  std::string out;
  const auto precision = static_cast<std::size_t>(digits_needed(document.get()));
  json_dump_callback(document.get(), append, &out, JSON_INDENT(2) | JSON_REAL_PRECISION(precision));
  out += '\n';
  return out;
}

}  // namespace sim

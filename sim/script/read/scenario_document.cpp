#include "sim/script/read/scenario_document.h"

#include <fmt/format.h>

#include <utility>

#include "sim/base/json/dump_json.h"
#include "sim/base/json/make_json.h"
#include "sim/base/json/parse_json.h"
#include "sim/base/text/read_file.h"
#include "sim/base/text/text_encoding.h"
#include "sim/script/read/json_syntax.h"
#include "sim/script/read/overrides.h"
#include "sim/script/read/replaced_engine.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

// Whether lists and objects are at most this many levels deep.
bool is_flat(const json_t* value, std::size_t levels) {
  if (!json_is_object(value) && !json_is_array(value)) return true;
  if (levels == 0) return false;
  for (std::size_t i = 0; i < json_array_size(value); ++i) {
    if (!is_flat(json_array_get(value, i), levels - 1)) return false;
  }
  const char* key = nullptr;
  json_t* member = nullptr;
  json_object_foreach(const_cast<json_t*>(value), key, member) {
    if (!is_flat(member, levels - 1)) return false;
  }
  return true;
}

ScenarioErrors error_of(const std::string& file, int line, std::string wrong, std::string right) {
  return {describe_problem(file, line, {"", std::move(wrong), std::move(right)})};
}

// Takes the values out of the engines' environments, which may be secrets. Null is no value that a
// scenario may have, so nobody takes it for one.
// The root's own herds stay as they are: these are copies.
void hide_environments(json_t* root) {
  if (json_object_get(root, "herds") == nullptr) return;
  put(root, "herds", copy_of(json_object_get(root, "herds")));
  const json_t* const herds = json_object_get(root, "herds");
  for (std::size_t i = 0; i < json_array_size(herds); ++i) {
    json_t* const env = json_object_get(json_object_get(json_array_get(herds, i), "engine"), "env");
    const char* name = nullptr;
    json_t* value = nullptr;
    json_object_foreach(env, name, value) { json_object_set_new(env, name, json_null()); }
  }
}

}  // namespace

herd::Result<ScenarioDocument, ScenarioErrors> load_document(const std::string& file,
                                                             const LoadOptions& options) {
  const auto text = read_named_input(file, kMaxScenarioBytes);
  if (text) return parse_document(file, *text, options);
  return ScenarioErrors{fmt::format("{}: scenario: {}", file, text.error().what)};
}

herd::Result<ScenarioDocument, ScenarioErrors> parse_document(const std::string& file,
                                                              const std::string& text,
                                                              const LoadOptions& options) {
  json_error_t syntax;
  ScenarioDocument document;
  document.file = file;
  document.as_run = options.as_run;
  if (const auto other = foreign_encoding(text)) {
    return error_of(file, 1, std::string(other->wrong), std::string(other->right));
  }
  document.text = without_byte_order_mark(text);
  document.root = parse_json(document.text, JSON_REJECT_DUPLICATES, &syntax);
  json_t* const root = document.root.get();
  if (root == nullptr) {
    const JsonMistake mistake = find_json_mistake(document.text, syntax);
    return error_of(file, mistake.line,
                    fmt::format("is not JSON: column {}: {}", mistake.column, mistake.wrong),
                    mistake.right);
  }
  if (!json_is_object(root)) return document;
  document.sources = apply_overrides(root, options, document.problems);
  if (!is_flat(root, kMaxNesting)) {
    return error_of(file, 1, "has lists or objects in each other too deep",
                    fmt::format("at most {} levels", kMaxNesting));
  }
  if (options.no_expect) json_object_del(root, "expect");
  leave_out_native_keys(root, document.sources, file.substr(0, file.rfind('/') + 1),
                        document.problems);
  return document;
}

std::string dump_scenario(const json_t* root) {
  const OwnedJson shown(json_copy(const_cast<json_t*>(root)));
  json_object_del(shown.get(), "$schema");
  hide_environments(shown.get());
  return dump_json(shown.get(), 2);
}

}  // namespace sim

#include "sim/script/read/scenario_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "sim/base/json/dump_json.h"
#include "sim/base/json/make_json.h"
#include "sim/base/json/parse_json.h"
#include "sim/base/text/read_file.h"
#include "sim/base/text/text_encoding.h"
#include "sim/script/read/json_syntax.h"
#include "sim/script/read/nesting.h"
#include "sim/script/read/overrides.h"
#include "sim/script/read/replaced_engine.h"
#include "sim/script/read/set_path.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

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

// Whether no override changes a list that may be left as text, or adds a sweep.
bool may_be_split(const LoadOptions& options) {
  return std::none_of(options.overrides.begin(), options.overrides.end(), [](const Override& each) {
    const std::string name = split_path(each.path).front();
    return name == "sweep" ||
           std::find(std::begin(kTextLists), std::end(kTextLists), name) != std::end(kTextLists);
  });
}

// Puts what the command line gives into a document whose root is an object.
std::optional<ScenarioErrors> change(ScenarioDocument& document) {
  json_t* const root = document.root.get();
  document.sources = apply_overrides(root, document.options, document.problems);
  if (!is_flat(root, kMaxNesting)) {
    return error_of(document.file, 1, "has lists or objects in each other too deep",
                    fmt::format("at most {} levels", kMaxNesting));
  }
  if (document.options.no_expect) json_object_del(root, "expect");
  leave_out_native_keys(root, document.sources,
                        document.file.substr(0, document.file.rfind('/') + 1), document.problems);
  return std::nullopt;
}

}  // namespace

herd::Result<ScenarioDocument, ScenarioErrors> load_document(const std::string& file,
                                                             const LoadOptions& options) {
  auto text = read_named_input(file, kMaxScenarioBytes);
  if (text) return parse_document(file, std::move(*text), options);
  return ScenarioErrors{fmt::format("{}: scenario: {}", file, text.error().what)};
}

herd::Result<ScenarioDocument, ScenarioErrors> parse_document(const std::string& file,
                                                              std::string text,
                                                              const LoadOptions& options) {
  if (const auto other = foreign_encoding(text)) {
    return error_of(file, 1, std::string(other->wrong), std::string(other->right));
  }
  text.erase(0, text.size() - without_byte_order_mark(text).size());
  auto split = may_be_split(options) ? split_lists(text) : std::nullopt;
  OwnedJson root = split ? parse_json(split->rest, JSON_REJECT_DUPLICATES) : nullptr;
  // A sweep makes many scenarios of the whole tree. Errors are those of the whole text.
  if (root == nullptr || json_object_get(root.get(), "sweep") != nullptr) {
    return parse_whole_document(file, std::move(text), options);
  }
  ScenarioDocument document{file, std::move(text), std::move(root), std::move(split->lists),
                            options};
  if (auto errors = change(document)) return std::move(*errors);
  return document;
}

herd::Result<ScenarioDocument, ScenarioErrors> parse_whole_document(const std::string& file,
                                                                    std::string text,
                                                                    const LoadOptions& options) {
  json_error_t syntax;
  OwnedJson root = parse_json(text, JSON_REJECT_DUPLICATES, &syntax);
  if (root == nullptr) {
    const JsonMistake mistake = find_json_mistake(text, syntax);
    return error_of(file, mistake.line,
                    fmt::format("is not JSON: column {}: {}", mistake.column, mistake.wrong),
                    mistake.right);
  }
  ScenarioDocument document{file, std::move(text), std::move(root), {}, options};
  if (!json_is_object(document.root.get())) return document;
  if (auto errors = change(document)) return std::move(*errors);
  return document;
}

std::string dump_scenario(const json_t* root) {
  std::vector<TextItems> none;
  return dump_scenario(root, none);
}

std::string dump_scenario(const json_t* root, std::vector<TextItems>& lists) {
  const OwnedJson shown(json_copy(const_cast<json_t*>(root)));
  json_object_del(shown.get(), "$schema");
  hide_environments(shown.get());
  std::vector<ListWithItems> with_items;
  with_items.reserve(lists.size());
  for (TextItems& each : lists) {
    with_items.push_back({json_object_get(root, std::string(each.key()).c_str()), &each});
  }
  return dump_json(shown.get(), 2, with_items);
}

}  // namespace sim

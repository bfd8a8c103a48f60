#include "sim/script/read/schema.h"

#include <jansson.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "sim/base/json/make_json.h"
#include "sim/base/json/parse_json.h"

namespace sim {
namespace {

std::string dump(const OwnedJson& value, std::size_t flags) {
  const std::unique_ptr<char, decltype(&std::free)> text(
      json_dumps(value.get(), flags | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15)), &std::free);
  return text == nullptr ? "" : text.get();
}

}  // namespace

void Schema::define(const std::string& name, const std::string& members) {
  const auto [known, is_new] = definitions_.emplace(name, members);
  if (!is_new && known->second != members) {
    throw std::logic_error("the schema has two definitions of " + name);
  }
}

Schema& Schema::operator+=(const Schema& other) {
  if (!members_.empty() && !other.members_.empty()) members_ += ", ";
  members_ += other.members_;
  for (const auto& [name, members] : other.definitions_) define(name, members);
  return *this;
}

bool Schema::is_unexplained() const {
  return members_.starts_with(R"("$ref")") ||
         members_.starts_with(R"("type": "string", "pattern")");
}

Schema Schema::defined_as(const std::string& name) const {
  Schema reference = *this;
  reference.members_ = R"("$ref": "#/$defs/)" + name + '"';
  reference.define(name, members_);
  return reference;
}

Schema Schema::as(std::string_view name) const {
  Schema named = *this;
  named.members_ = to_json(name) + ": {" + members_ + '}';
  return named;
}

Schema Schema::list(std::string_view name, const std::vector<Schema>& schemas) {
  Schema all("");
  for (const Schema& schema : schemas) {
    Schema item = schema;
    item.members_ = '{' + schema.members_ + '}';
    all += item;
  }
  all.members_ = to_json(name) + ": [" + all.members_ + ']';
  return all;
}

std::string to_json_list(const std::vector<std::string_view>& texts) {
  std::string list;
  for (const std::string_view text : texts) list += (list.empty() ? "" : ", ") + to_json(text);
  return '[' + list + ']';
}

std::string to_json(std::string_view text) { return dump(json_text(text), 0); }

std::string schema_document(const Schema& schema) {
  Schema definitions("");
  for (const auto& [name, members] : schema.definitions()) definitions += Schema(members).as(name);
  const std::string text =
      '{' + (Schema(schema.members()) + definitions.as("$defs")).members() + '}';
  json_error_t error;
  const OwnedJson document = parse_json(text, JSON_REJECT_DUPLICATES, &error);
  if (document == nullptr) throw std::logic_error(std::string("the schema: ") + error.text);
  return dump(document, JSON_INDENT(2)) + '\n';
}

}  // namespace sim

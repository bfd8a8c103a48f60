#include "sim/script/read/fields.h"

namespace sim {
namespace {

Schema has_of(std::string_view keyword, const std::vector<std::string_view>& keys) {
  std::vector<Schema> each;
  each.reserve(keys.size());
  for (const std::string_view key : keys)
    each.emplace_back(R"("required": )" + to_json_list({key}));
  return Schema::list(keyword, each);
}

}  // namespace

Schema object_schema(const Properties& properties, const Schema& more) {
  Schema members("");
  std::vector<std::string_view> needed;
  for (const Property& property : properties) {
    members += property.schema.as(property.key);
    if (property.is_required) needed.push_back(property.key);
  }
  Schema object =
      R"("type": "object")" + members.as("properties") + R"("additionalProperties": false)";
  if (!needed.empty()) object += R"("required": )" + to_json_list(needed);
  return object + more;
}

Property tag(std::string_view key, std::string_view value, std::string_view says) {
  return {std::string(key),
          R"("description": )" + to_json(says) + R"(, "const": )" + to_json(value), true};
}

Schema has_any_of(const std::vector<std::string_view>& keys) { return has_of("anyOf", keys); }
Schema has_one_of(const std::vector<std::string_view>& keys) { return has_of("oneOf", keys); }

}  // namespace sim

// Puts a JSON Schema together from pieces of JSON text. Each piece stands beside the code that
// reads the value which the piece describes.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sim {

// The members of a schema without the braces around them, and the definitions that they refer to.
class Schema {
 public:
  // `members` is JSON text, as `"type": "string", "minLength": 1`.
  Schema(const char* members) : members_(members) {}
  Schema(std::string members) : members_(std::move(members)) {}

  const std::string& members() const { return members_; }
  // By name, each as its members.
  const std::map<std::string, std::string>& definitions() const { return definitions_; }

  // Adds the members of `other`, and its definitions.
  Schema& operator+=(const Schema& other);
  friend Schema operator+(Schema a, const Schema& b) { return a += b; }

  // Whether a person needs more than this, because it is a reference or a regular expression.
  bool is_unexplained() const;

  // Makes a definition of this schema and returns the reference to it. Schemas that are defined
  // under one name must be the same.
  Schema defined_as(const std::string& name) const;

  // Returns `"name": {members}`.
  Schema as(std::string_view name) const;
  // Returns `"name": [{members}, {members}]`.
  static Schema list(std::string_view name, const std::vector<Schema>& schemas);

 private:
  void define(const std::string& name, const std::string& members);

  std::string members_;
  std::map<std::string, std::string> definitions_;
};

// Returns the schema of a value that exactly one of these describes.
inline Schema one_of(const std::vector<Schema>& schemas) { return Schema::list("oneOf", schemas); }

// Returns a list of strings as JSON text.
std::string to_json_list(const std::vector<std::string_view>& texts);
// Returns a string as JSON text.
std::string to_json(std::string_view text);

// Returns `schema` with all definitions that it refers to as JSON text, indented, with a newline at
// its end. Throws std::logic_error if a piece of it is not JSON.
std::string schema_document(const Schema& schema);

}  // namespace sim

// The keys of an object as a table with a row for each key:
//
//   {"loops", WholeKind{1, kMaxLoops}, &HerdSpec::loops, "Number of threads that run the servers."}
//
// read_fields() reads an object by its table, object_schema() describes it for the JSON Schema.
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "sim/script/read/json_reader.h"
#include "sim/script/read/schema.h"

namespace sim {

// The meaning of a key, in plain sentences. An empty text does not compile.
class Says {
 public:
  template <std::size_t N>
  consteval Says(const char (&text)[N]) : text_(text) {
    static_assert(N > 1, "say what the key means");
  }
  std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

// Whether a key may be missing, and its default. By default a key is optional, and its default is
// the member's value in a new object.
struct Presence {
  bool is_required = false;
  std::string_view right = "";  // for an error about a missing key; "": what its kind allows
  std::optional<std::string_view> default_json = std::nullopt;  // for the schema; "": none
};
inline Presence required(std::string_view right = "") {
  return {.is_required = true, .right = right};
}
inline Presence with_default(std::string_view json) { return {.default_json = json}; }
inline Presence without_default() { return with_default(""); }

// A key as the schema has it.
struct Property {
  std::string key;
  Schema schema;
  bool is_required = false;
};
using Properties = std::vector<Property>;

// The kind of a key that code alone reads: how the schema describes it, and what is allowed.
struct Described {
  Schema (*describe)();
  std::string_view right = "";

  std::string allowed() const { return std::string(right); }
  Schema schema() const { return describe(); }
};

// The reader of a table whose rows need none.
struct NoReader {};

// The type that a kind reads into.
template <class Kind>
using ValueOf = typename decltype(std::declval<const Kind&>().read(
    std::declval<const JsonNode&>(), std::declval<Problems&>()))::value_type;

// A row. Its value goes into a member of a Spec; or a function takes it, and checks it against what
// its Reader knows. The function is a member of the Reader, or takes it first.
template <class Spec, class Reader = NoReader>
class Field {
 public:
  // `target` is one of
  //   &Spec::member
  //   void f(Reader&, const JsonNode&, Value, Spec&)           takes the value that the kind read
  //   void f(Reader&, const JsonNode&, Spec&)                  reads the value itself
  //   void f(Reader&, const std::optional<JsonNode>&, Spec&)   is called without a value too
  template <class Kind, class Target>
  Field(std::string_view key, const Kind& kind, Target target, Says says, Presence presence = {})
      : key_(key), presence_(presence), right_(presence.right) {
    if (right_.empty()) right_ = kind.allowed();
    read_ = reading(kind, target);
    describe_ = [kind, target, says, presence] {
      std::string text(says.text());
      const Schema form = kind.schema();
      if (form.is_unexplained()) text += ' ' + sentence(kind.allowed());
      Schema schema = Schema(R"("description": )" + to_json(text)) + form;
      const std::string shown = default_of(kind, target, presence);
      if (!shown.empty()) schema += R"("default": )" + shown;
      return schema;
    };
  }

  std::string_view key() const { return key_; }

  void read(ObjectReader& object, Spec& spec, Reader& reader) const {
    if (object.is_refused(key_)) return;
    const auto node = presence_.is_required ? object.required(key_, right_) : object.optional(key_);
    read_(node, object.problems(), spec, reader);
  }
  Property describe() const { return {std::string(key_), describe_(), presence_.is_required}; }

 private:
  using Read = std::function<void(const std::optional<JsonNode>&, Problems&, Spec&, Reader&)>;

  template <class Kind, class Target>
  static Read reading(const Kind& kind, Target target) {
    if constexpr (std::is_member_object_pointer_v<Target>) {
      return [kind, target](const auto& node, Problems& problems, Spec& spec, Reader&) {
        auto value = node ? kind.read(*node, problems) : std::nullopt;
        if (value) assign(spec.*target, std::move(*value));
      };
    } else if constexpr (std::invocable<Target, Reader&, const std::optional<JsonNode>&, Spec&>) {
      return [target](const auto& node, Problems&, Spec& spec, Reader& reader) {
        std::invoke(target, reader, node, spec);
      };
    } else if constexpr (std::invocable<Target, Reader&, const JsonNode&, Spec&>) {
      return [target](const auto& node, Problems&, Spec& spec, Reader& reader) {
        if (node) std::invoke(target, reader, *node, spec);
      };
    } else {
      return [kind, target](const auto& node, Problems& problems, Spec& spec, Reader& reader) {
        auto value = node ? kind.read(*node, problems) : std::nullopt;
        if (value) std::invoke(target, reader, *node, std::move(*value), spec);
      };
    }
  }

  template <class Member, class Value>
  static void assign(Member& member, Value value) {
    if constexpr (std::integral<Member>) {
      member = static_cast<Member>(value);
    } else {
      member = std::move(value);
    }
  }

  template <class Kind, class Target>
  static std::string default_of(const Kind& kind, Target target, const Presence& presence) {
    if (presence.default_json) return std::string(*presence.default_json);
    if constexpr (std::is_member_object_pointer_v<Target>) {
      using Value = ValueOf<Kind>;
      using Member = std::remove_cvref_t<decltype(std::declval<Spec>().*target)>;
      if constexpr (std::convertible_to<Member, Value> && requires(Value v) { kind.shown(v); }) {
        if (!presence.is_required) return kind.shown(static_cast<Value>(Spec{}.*target));
      }
    }
    return "";
  }

  // "a duration" as "A duration."
  static std::string sentence(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') {
      text[0] = static_cast<char>(text[0] - 'a' + 'A');
    }
    return text + '.';
  }

  std::string_view key_;
  Presence presence_;
  std::string right_;
  Read read_;
  std::function<Schema()> describe_;
};

template <class Spec, class Reader = NoReader>
using Fields = std::vector<Field<Spec, Reader>>;

// Reads the keys of a table in the order of its rows. Keys that `object` refused are left out.
template <class Spec, class Reader>
void read_fields(ObjectReader& object, const Fields<Spec, Reader>& fields, Spec& spec,
                 Reader& reader) {
  for (const auto& field : fields) field.read(object, spec, reader);
}
template <class Spec>
void read_fields(ObjectReader& object, const Fields<Spec>& fields, Spec& spec) {
  NoReader reader;
  read_fields(object, fields, spec, reader);
}

template <class Spec, class Reader>
std::vector<std::string_view> keys_of(const Fields<Spec, Reader>& fields) {
  std::vector<std::string_view> keys;
  for (const auto& field : fields) keys.push_back(field.key());
  return keys;
}

inline void append(Properties& all, const Property& one) { all.push_back(one); }
inline void append(Properties& all, const Properties& more) {
  all.insert(all.end(), more.begin(), more.end());
}
template <class Spec, class Reader>
void append(Properties& all, const Fields<Spec, Reader>& fields) {
  for (const auto& field : fields) all.push_back(field.describe());
}
// Returns the keys of an object that several tables, or what else describes keys, make up.
template <class... Parts>
Properties properties_of(const Parts&... parts) {
  Properties all;
  (append(all, parts), ...);
  return all;
}

// Returns the schema of an object of these keys and no others; `more` says what else holds of it.
Schema object_schema(const Properties& properties, const Schema& more = "");
template <class Spec, class Reader>
Schema object_schema(const Fields<Spec, Reader>& fields, const Schema& more = "") {
  return object_schema(properties_of(fields), more);
}

// Returns the key that says which of several objects this is, as `"model": "still"`.
Property tag(std::string_view key, std::string_view value, std::string_view says);

// Returns the schema of an object that has at least one of these keys, or exactly one of them.
Schema has_any_of(const std::vector<std::string_view>& keys);
Schema has_one_of(const std::vector<std::string_view>& keys);

}  // namespace sim

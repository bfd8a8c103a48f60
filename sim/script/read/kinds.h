// The kinds of values that keys have. A kind reads a JSON value, says in errors what is allowed,
// and describes the same values for the JSON Schema:
//
//   read(node, problems)   returns the value; nullopt after it reported a problem
//   allowed()              what is allowed, as an error says it
//   schema()               the JSON Schema of these values
//   shown(value)           the value as JSON, "" for none; only of kinds whose defaults are shown
//
// A value that no kind here fits gets a kind of its own beside its reader.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/geodesy.h"
#include "core/time.h"
#include "sim/script/read/json_reader.h"
#include "sim/script/read/schema.h"

namespace sim {

struct TextKind {
  std::string_view right;
  const char* form = R"("type": "string")";  // the schema
  // Which texts are allowed, if not all, and what is wrong with the others.
  bool (*is_allowed)(std::string_view text) = nullptr;
  std::string_view wrong = "";
  bool is_secret = false;  // errors do not repeat the text

  std::optional<std::string> read(const JsonNode& node, Problems& problems) const;
  std::string allowed() const { return std::string(right); }
  Schema schema() const { return form; }
};

// 1 to 64 of A-Z a-z 0-9 . _ -
struct NameKind {
  std::optional<std::string> read(const JsonNode& node, Problems& problems) const;
  std::string allowed() const;
  Schema schema() const;
  std::string shown(const std::string& value) const { return to_json(value); }
};

struct FlagKind {
  std::optional<bool> read(const JsonNode& node, Problems& problems) const;
  std::string allowed() const { return "true or false"; }
  Schema schema() const { return R"("type": "boolean")"; }
  std::string shown(bool value) const { return value ? "true" : "false"; }
};

struct WholeKind {
  std::int64_t min, max;

  std::optional<std::int64_t> read(const JsonNode& node, Problems& problems) const;
  std::string allowed() const;
  Schema schema() const;
  std::string shown(std::int64_t value) const { return std::to_string(value); }
};

// Any number.
struct NumberKind {
  std::optional<double> read(const JsonNode& node, Problems& problems) const;
  std::string allowed() const { return "a number"; }
  Schema schema() const { return R"("type": "number")"; }
};

struct RealKind {
  double min, max;
  bool above_min;  // `min` itself is not allowed
  std::string_view right;

  std::optional<double> read(const JsonNode& node, Problems& problems) const;
  std::string allowed() const { return std::string(right); }
  Schema schema() const;
  std::string shown(double value) const;
};
inline constexpr RealKind kShare{0, 1, false, "a number from 0 to 1"};

struct DurationKind {
  herd::Duration min, max;
  std::string_view right;

  std::optional<herd::Duration> read(const JsonNode& node, Problems& problems) const;
  std::string allowed() const { return std::string(right); }
  Schema schema() const;
  std::string shown(herd::Duration value) const;
};
extern const DurationKind kPositiveDuration;     // above zero
extern const DurationKind kNonNegativeDuration;  // from zero
extern const DurationKind kSignedDuration;       // a clock's skew
extern const DurationKind kDurationFrom1ms;

// A rate, as "10/s", read as the time between two.
struct RateKind {
  std::optional<herd::Duration> read(const JsonNode& node, Problems& problems) const;
  std::string allowed() const;
  Schema schema() const;
};

// Reports a string that is not a quantity in the right form, or one that is out of range.
void report_quantity(const JsonNode& node, Problems& problems, bool is_form_right,
                     std::string_view noun, std::string_view right);

// A number with a unit, as a speed or a distance.
struct QuantityKind {
  std::optional<double> (*parse)(std::string_view text);
  double min, max;
  bool above_min;         // `min` itself is not allowed
  std::string_view noun;  // as "speed"
  const char* units;      // a regular expression
  std::string_view right;

  std::optional<double> read(const JsonNode& node, Problems& problems) const;
  std::string allowed() const { return std::string(right); }
  Schema schema() const;
};

// A number of bytes, as "64KiB" or "256MiB".
struct SizeKind {
  std::int64_t min, max;
  std::string_view right;

  std::optional<std::int64_t> read(const JsonNode& node, Problems& problems) const;
  std::string allowed() const { return std::string(right); }
  static Schema schema();
};

struct LocationKind {
  std::optional<herd::GeoPoint> read(const JsonNode& node, Problems& problems) const;
  std::string allowed() const;
  Schema schema() const;
};

// One of a few strings.
template <class T>
struct ChoiceKind {
  std::vector<Choice<T>> choices;

  std::optional<T> read(const JsonNode& node, Problems& problems) const {
    return read_choice(node, problems, choices);
  }
  std::string allowed() const { return listed(names_of(choices)); }
  Schema schema() const { return R"("enum": )" + to_json_list(names_of(choices)); }
  std::string shown(const T& value) const {
    for (const Choice<T>& choice : choices) {
      if (choice.value == value) return to_json(choice.name);
    }
    return "";
  }
};
template <class T, std::size_t N>
ChoiceKind<T> choice_of(const Choice<T> (&choices)[N]) {
  return {{std::begin(choices), std::end(choices)}};
}

// A regular expression.
struct PatternKind {
  static std::optional<std::string> read(const JsonNode& node, Problems& problems);
  static std::string allowed() { return "a regular expression as RE2 has them"; }
  static Schema schema();
};

// The schema of a client's id, which has no white space.
Schema client_id_schema();

// A kind made of two functions: one reads a value, the other describes it.
template <class T>
struct CodeKind {
  std::optional<T> (*read)(const JsonNode& node, Problems& problems);
  Schema (*schema)();
  std::string_view right;

  std::string allowed() const { return std::string(right); }
};

}  // namespace sim

// A table of keys reads an object, reports what is wrong with it, and describes it for the schema.

#include "sim/script/read/fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/script/read/kinds.h"
#include "sim/script/read/schema.h"

namespace sim {
namespace {

using herd::Duration;
using std::chrono_literals::operator""ms;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

enum class Color { kRed, kBlue };
constexpr Choice<Color> kColors[] = {{"red", Color::kRed}, {"blue", Color::kBlue}};

struct Thing {
  std::uint16_t size = 3;
  std::optional<double> weight;
  Duration age = 1500ms;
  Color color = Color::kBlue;
  std::string name;
};

const Fields<Thing>& thing_fields() {
  static const Fields<Thing> kFields = {
      {"size", WholeKind{1, 9}, &Thing::size, "How large it is."},
      {"weight", NumberKind{}, &Thing::weight, "How heavy it is."},
      {"age", kPositiveDuration, &Thing::age, "How old it is."},
      {"color", choice_of(kColors), &Thing::color, "What it looks like."},
      {"name", NameKind{}, &Thing::name, "What it is called.", required("its name")},
  };
  return kFields;
}

OwnedJson json(const std::string& text) {
  OwnedJson value(json_loads(text.c_str(), 0, nullptr));
  EXPECT_NE(value, nullptr) << text;
  return value;
}

std::vector<std::string> texts(const Problems& problems) {
  std::vector<std::string> out;
  for (const Problem& each : problems.all()) {
    out.push_back(each.path + ": " + each.wrong + " (" + each.right + ")");
  }
  return out;
}

struct Read {
  Thing thing;
  std::vector<std::string> problems;
};
Read read(const std::string& text, const std::string& refused = "") {
  const OwnedJson root = json(text);
  Read out;
  Problems problems;
  ObjectReader object({root.get(), "thing"}, problems, "a thing");
  if (!refused.empty()) object.refuse(refused, "is refused", "leave it out");
  read_fields(object, thing_fields(), out.thing);
  object.finish();
  out.problems = texts(problems);
  return out;
}

TEST(Fields, ReadIntoMembers) {
  const Read all = read(R"({"size": 9, "weight": 0.5, "age": "2ms", "color": "red", "name": "x"})");
  EXPECT_THAT(all.problems, IsEmpty());
  EXPECT_EQ(all.thing.size, 9);
  EXPECT_EQ(all.thing.weight, 0.5);
  EXPECT_EQ(all.thing.age, 2ms);
  EXPECT_EQ(all.thing.color, Color::kRed);
  EXPECT_EQ(all.thing.name, "x");
  const Read least = read(R"({"name": "x"})");
  EXPECT_EQ(least.thing.size, 3);
  EXPECT_FALSE(least.thing.weight);
}

TEST(Fields, ReportAllProblemsInTheOrderOfTheRows) {
  EXPECT_THAT(read(R"({"colour": 1, "color": "blu", "age": 5, "size": 10})").problems,
              ElementsAre("thing.size: 10 is out of range (a whole number from 1 to 9)",
                          HasSubstr("thing.age: is a number (a duration above zero"),
                          R"(thing.color: "blu" is not known here (did you mean 'blue'?))",
                          "thing.name: is missing (its name)",
                          "thing.colour: unknown key (did you mean 'color'?)"));
}

TEST(Fields, LeaveOutRefusedKeys) {
  const Read given = read(R"({"name": "x", "size": 99})", "size");
  EXPECT_THAT(given.problems, ElementsAre("thing.size: is refused (leave it out)"));
  const Read other = read(R"({"name": "x", "siz": 1})", "size");
  EXPECT_THAT(other.problems,
              ElementsAre(R"(thing.siz: unknown key ("weight", "age", "color" or "name"))"));
}

TEST(Fields, DescribeKeysWithMeaningAndDefault) {
  const std::string text = schema_document(object_schema(thing_fields()));
  const OwnedJson expected = json(R"({
    "type": "object",
    "properties": {
      "size": {"description": "How large it is.", "type": "integer", "minimum": 1, "maximum": 9,
               "default": 3},
      "weight": {"description": "How heavy it is.", "type": "number"},
      "age": {"description": "How old it is. A duration above zero and at most 8760h, as \"250us\", \"20ms\", \"5s\", \"2min\" or \"1h\".",
              "$ref": "#/$defs/positive_duration", "default": "1500ms"},
      "color": {"description": "What it looks like.", "enum": ["red", "blue"], "default": "blue"},
      "name": {"description": "What it is called. 1 to 64 of A-Z a-z 0-9 . _ -.",
               "$ref": "#/$defs/name"}
    },
    "additionalProperties": false,
    "required": ["name"],
    "$defs": {
      "name": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
      "positive_duration": {"type": "string", "pattern": "^(?=[0-9.]*[1-9])[0-9]+(\\.[0-9]{1,9})?(ns|us|ms|s|min|h)$"}
    }
  })");
  EXPECT_TRUE(json_equal(json(text).get(), expected.get())) << text;
}

// The functions that a row may have in place of a member.
struct Reader {
  std::vector<std::string> calls;

  void take(const JsonNode& node, std::int64_t value, Thing& thing) {
    calls.push_back(node.path + '=' + std::to_string(value));
    thing.size = static_cast<std::uint16_t>(value);
  }
  void read(const JsonNode& node, Thing&) { calls.push_back(node.path); }
  void read_or_not(const std::optional<JsonNode>& node, Thing&) {
    calls.push_back(node ? node->path : "nothing");
  }
};

TEST(Fields, CallFunctionsWithTheValueTheNodeOrNone) {
  const auto any = [] { return Schema(""); };
  const Fields<Thing, Reader> fields = {
      {"a", WholeKind{1, 9}, &Reader::take, "Is read by its kind."},
      {"b", Described{any}, &Reader::read, "Is read by the function."},
      {"c", Described{any}, &Reader::read_or_not, "Is asked for even if it is not there."},
  };
  const auto calls = [&](const std::string& text) {
    const OwnedJson root = json(text);
    Problems problems;
    ObjectReader object({root.get(), ""}, problems, "a thing");
    Thing thing;
    Reader reader;
    read_fields(object, fields, thing, reader);
    return reader.calls;
  };
  EXPECT_THAT(calls(R"({"a": 5, "b": 1, "c": 1})"), ElementsAre("a=5", "b", "c"));
  EXPECT_THAT(calls(R"({"a": 10})"), ElementsAre("nothing"));
}

TEST(Schema, RefusesTwoDefinitionsOfOneName) {
  const Schema one = Schema(R"("type": "string")").defined_as("x");
  const Schema other = Schema(R"("type": "number")").defined_as("x");
  EXPECT_NO_THROW(one_of({one, one}));
  EXPECT_THROW(one_of({one, other}), std::logic_error);
}

TEST(Schema, RefusesWhatIsNotJson) {
  EXPECT_THROW(schema_document(R"("type": "string)"), std::logic_error);
  EXPECT_THROW(schema_document(R"("type": "string", "type": "number")"), std::logic_error);
}

// A default that a schema shows is read as that value again.
TEST(Kinds, ReadWhatTheyShow) {
  const auto expect_same = [](const auto& kind, const auto& value) {
    const std::string shown = kind.shown(value);
    const OwnedJson root = json('[' + shown + ']');
    Problems problems;
    const auto read = kind.read({json_array_get(root.get(), 0), ""}, problems);
    EXPECT_EQ(read, value) << shown << testing::PrintToString(texts(problems));
  };
  for (const Duration value : {Duration(1), Duration(90'000'000'000), Duration(1500ms)}) {
    expect_same(kPositiveDuration, value);
  }
  EXPECT_EQ(kPositiveDuration.shown(Duration(0)), "");
  expect_same(kNonNegativeDuration, Duration(0));
  expect_same(kSignedDuration, Duration(-5ms));
  expect_same(WholeKind{0, 9}, std::int64_t{7});
  expect_same(kShare, 0.75);
  expect_same(FlagKind{}, true);
  expect_same(NameKind{}, std::string("a-b"));
  expect_same(choice_of(kColors), Color::kRed);
}

}  // namespace
}  // namespace sim

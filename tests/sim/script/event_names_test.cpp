// The table of event names, and the pages that list them.
#include "sim/script/spec/event_names.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <variant>

#include "sim/base/text/read_file.h"
#include "sim/script/spec/events.h"
#include "sim/script/spec/fault.h"

namespace sim {
namespace {

// Returns the part of a page between the heading and the next heading of its level.
std::string words_under(const std::string& page, const std::string& heading) {
  const std::string text = read_file(HERDSIM_SOURCE_DIR "/" + page).value_or("");
  const std::size_t begin = text.find("\n" + heading + "\n");
  EXPECT_NE(begin, std::string::npos) << page << " has no " << heading;
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find("\n## ", begin + 1) - begin);
}

// Expects every name of these kinds in the section, as code.
void expect_listed(const std::string& page, const std::string& heading,
                   const std::set<EventKind>& kinds) {
  const std::string text = words_under(page, heading);
  for (const EventInfo& event : kEvents) {
    if (!kinds.contains(event.kind)) continue;
    EXPECT_NE(text.find("`" + std::string(event.name) + "`"), std::string::npos)
        << page << ", " << heading << ", does not list " << event.name;
  }
}

TEST(EventNames, AreUniqueAndHaveAMeaning) {
  std::set<std::string_view> names;
  for (const EventInfo& event : kEvents) {
    EXPECT_TRUE(names.insert(event.name).second) << event.name;
    EXPECT_TRUE(event.meaning.ends_with('.')) << event.name;
  }
}

template <class Variant>
struct KindsOf;
template <class... Each>
struct KindsOf<std::variant<Each...>> {
  static std::multiset<std::string_view> names() { return {Each::kName.text()...}; }
};

// Every event that a script may have, and no other, has a struct.
TEST(EventNames, EachEventOfAScriptHasItsOwn) {
  std::multiset<std::string_view> of_scripts;
  for (const EventInfo& event : kEvents) {
    if (event.kind == EventKind::kOutcome || event.kind == EventKind::kPlanned) continue;
    of_scripts.insert(event.name);
  }
  EXPECT_EQ(KindsOf<EventAction>::names(), of_scripts);
}

// events.csv gives a fault the name of the event that does exactly the same.
TEST(EventNames, EachFaultIsNamedByAPlainEvent) {
  std::multiset<std::string_view> plain;
  for (const EventInfo& event : kEvents) {
    if (event.kind == EventKind::kBegins || event.kind == EventKind::kEnds ||
        event.kind == EventKind::kSingle) {
      plain.insert(event.name);
    }
  }
  EXPECT_EQ(KindsOf<Fault>::names(), plain);
}

TEST(EventNames, AreFoundByText) {
  ASSERT_NE(find_event("heal"), nullptr);
  EXPECT_EQ(find_event("heal")->kind, EventKind::kCompound);
  EXPECT_EQ(find_event("heel"), nullptr);
}

TEST(EventNames, AreAllInThePages) {
  using enum EventKind;
  expect_listed("scenarios/README.md", "## `events`",
                {kBegins, kEnds, kSingle, kCompound, kClients});
  expect_listed("results/README.md", "## events.csv", {kOutcome, kCompound});
  expect_listed("results/README.md", "## plan.csv", {kBegins, kEnds, kSingle, kPlanned});
}

}  // namespace
}  // namespace sim

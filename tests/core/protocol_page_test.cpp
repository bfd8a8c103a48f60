// Checks every example in core/PROTOCOL.md, as read from the page itself.
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/fields.h"
#include "core/parse.h"
#include "core/record.h"
#include "core/sync_lines.h"
#include "tests/core/fake_world.h"

namespace herd {
namespace {

// A row of a table, or the lines of a block. `kind` is the table's first heading or the block's
// label.
struct Example {
  std::string kind;
  std::size_t line = 0;  // in the page, from 1
  std::vector<std::string> parts;
};

// Returns the cells of a row, without the back-quotes of code.
std::vector<std::string> cells_of(std::string_view row) {
  std::vector<std::string> cells;
  row.remove_prefix(1);
  for (auto end = row.find('|'); end != row.npos; end = row.find('|')) {
    std::string_view cell = row.substr(0, end);
    row.remove_prefix(end + 1);
    if (cell.starts_with(' ')) cell.remove_prefix(1);
    if (cell.ends_with(' ')) cell.remove_suffix(1);
    if (cell.size() >= 2 && cell.starts_with('`') && cell.ends_with('`')) {
      cell = cell.substr(1, cell.size() - 2);
    }
    cells.emplace_back(cell);
  }
  return cells;
}

std::vector<Example> read_page() {
  std::ifstream page(HERDSIM_SOURCE_DIR "/core/PROTOCOL.md");
  EXPECT_TRUE(page);
  std::vector<Example> out;
  std::string line, heading;
  bool in_block = false;
  for (std::size_t number = 1; std::getline(page, line); ++number) {
    if (line.starts_with("```")) {
      in_block = !in_block;
      if (in_block) out.push_back({line.substr(3), number, {}});
    } else if (in_block) {
      out.back().parts.push_back(line);
    } else if (!line.starts_with('|')) {
      heading.clear();
    } else if (heading.empty()) {
      heading = cells_of(line).front();
    } else if (!line.starts_with("| ---")) {
      out.push_back({heading, number, cells_of(line)});
    }
  }
  return out;
}

std::string good_or_bad(bool good) { return good ? "good" : "bad"; }

std::string judge_field(const std::string& field, std::string_view text) {
  if (field == "time") {
    const auto ns = scan_time(text);
    return ns ? std::to_string(*ns) : "bad";
  }
  if (field == "location") return good_or_bad(scan_location(text).has_value());
  if (field == "skew") return good_or_bad(is_skew(text));
  if (field == "radius") return good_or_bad(scan_radius_km(text).has_value());
  if (field == "bound") return good_or_bad(scan_bound(text).has_value());
  if (field == "name") return good_or_bad(is_name(text));
  return "no such field";
}

std::string read_acknowledgement(std::string_view line) {
  return std::visit([](const auto& parsed) { return to_string(ClientCommand(parsed)); },
                    parse_acknowledgement(line));
}

// Returns what was sent on connection 0, with `< ` before each line, and `! closed` if it was
// closed.
std::string said_to_client(std::string_view trace) {
  std::string out;
  while (!trace.empty()) {
    std::string_view event = trace.substr(0, trace.find('\n'));
    trace.remove_prefix(event.size() + 1);
    if (event.starts_with("close 0")) out += "! closed\n";
    constexpr std::string_view kSend = "send 0 [";
    if (!event.starts_with(kSend)) continue;
    event = event.substr(kSend.size(), event.size() - kSend.size() - 1);
    constexpr std::string_view kEnd = "<LF>";
    for (auto end = event.find(kEnd); end != event.npos; end = event.find(kEnd)) {
      const std::string_view line = event.substr(0, end);
      out.append(line.empty() ? "<" : "< ").append(line).append("\n");
      event.remove_prefix(end + kEnd.size());
    }
    EXPECT_EQ(event, "") << "a line without an ending";
  }
  return out;
}

// Plays a conversation. `>` is a line sent on connection 0; `+` is the same, as the first line of a
// new connection.
void expect_conversation(FakeServer& world, const std::vector<std::string>& lines) {
  world.open(0);
  std::string got, want;
  std::uint32_t query = 0;
  for (const std::string& line : lines) {
    if (line.starts_with("> ")) {
      EXPECT_EQ(got, want);
      got = said_to_client(world.say(0, line.substr(2)));
      want.clear();
    } else if (line.starts_with("+ ")) {
      EXPECT_EQ(got, want);
      world.gone(0);
      world.open(0);
      got = said_to_client(world.say(0, line.substr(2)));
      want.clear();
    } else if (line.starts_with("~ ")) {
      got += said_to_client(world.pass(std::chrono::milliseconds(std::stoi(line.substr(2)))));
    } else if (line.starts_with("* ")) {
      got += said_to_client(world.places(query++, line.substr(2)));
    } else {
      want += line + '\n';
    }
  }
  EXPECT_EQ(got, want);
}

void expect_oldest_first(RecordOrder order, const std::vector<std::string>& lines) {
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto older = std::get<RecordView>(parse_link_line(lines[i - 1]));
    const auto newer = std::get<RecordView>(parse_link_line(lines[i]));
    EXPECT_TRUE(compare(order, older, newer) < 0) << lines[i];
  }
}

TEST(ProtocolPage, EveryExampleHolds) {
  std::map<std::string, int> seen;
  for (const auto& [kind, line, parts] : read_page()) {
    SCOPED_TRACE("core/PROTOCOL.md:" + std::to_string(line));
    ++seen[kind];
    if (kind == "abnf") continue;
    if (kind == "conversation") {
      FakeServer world;
      expect_conversation(world, parts);
    } else if (kind == "sync-conversation") {
      FakeServer world(Scheme::kFlood, Recovery::kSync);
      expect_conversation(world, parts);
    } else if (kind == "alive-conversation") {
      FakeServer world(Scheme::kFlood, Recovery::kNone, KeepAlive{});
      expect_conversation(world, parts);
    } else if (kind == "oldest-first") {
      expect_oldest_first(RecordOrder::kClientTime, parts);
    } else if (kind == "oldest-first-by-server-time") {
      expect_oldest_first(RecordOrder::kServerTime, parts);
    } else if (kind == "field") {
      ASSERT_EQ(parts.size(), 3U);
      EXPECT_EQ(judge_field(parts[0], parts[1]), parts[2]) << parts[1];
    } else if (kind == "a client's line") {
      ASSERT_EQ(parts.size(), 2U);
      EXPECT_EQ(to_string(parse_client_line(parts[0])), parts[1]);
    } else if (kind == "a link's line") {
      ASSERT_EQ(parts.size(), 2U);
      EXPECT_EQ(to_string(parse_link_line(parts[0])), parts[1]);
    } else if (kind == "a line of recovery") {
      ASSERT_EQ(parts.size(), 2U);
      EXPECT_EQ(to_string(parse_sync_line(parts[0])), parts[1]);
    } else if (kind == "an acknowledgement") {
      ASSERT_EQ(parts.size(), 2U);
      EXPECT_EQ(read_acknowledgement(parts[0]), parts[1]);
    } else {
      ADD_FAILURE() << "an example that no test knows: " << kind;
    }
  }
  // The page was really read: it has at least these numbers of examples.
  for (const auto& [kind, least] : std::map<std::string, int>{{"field", 30},
                                                              {"a client's line", 15},
                                                              {"a link's line", 9},
                                                              {"a line of recovery", 10},
                                                              {"sync-conversation", 2},
                                                              {"alive-conversation", 1},
                                                              {"an acknowledgement", 4},
                                                              {"conversation", 6},
                                                              {"oldest-first", 1}}) {
    EXPECT_GE(seen[kind], least) << kind;
  }
}

}  // namespace
}  // namespace herd

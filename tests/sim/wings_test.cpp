// sim/ has eight wings, and an include points only down: app > run > engines > measure > worlds >
// script > base > core. Two walls are higher: of worlds, measure knows only the interfaces in
// worlds/world; and only app knows the reader of scenario files, script/read.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>

namespace sim {
namespace {

namespace fs = std::filesystem;

// From the top to the bottom. sim/paper is apart: it has Python, and small programs that include
// only what stands beside them.
constexpr auto kWings = std::to_array<std::string_view>(
    {"app", "run", "engines", "measure", "worlds", "script", "base", "core"});

// Returns the place in kWings of a path from the project's root; kWings.size() if it is in no wing.
std::size_t floor_of(std::string_view path) {
  if (path.starts_with("core/")) return kWings.size() - 1;
  if (!path.starts_with("sim/")) return kWings.size();
  path.remove_prefix(4);
  const std::string_view wing = path.substr(0, path.find('/'));
  const auto found = std::find(kWings.begin(), kWings.end() - 1, wing);
  return found == kWings.end() - 1 ? kWings.size()
                                   : static_cast<std::size_t>(found - kWings.begin());
}

// Returns what is wrong with a file's including another, both as paths from the project's root;
// empty if nothing is.
std::string wrong_arrow(std::string_view from, std::string_view to) {
  if (from.starts_with("sim/paper/")) {
    return to.starts_with("sim/paper/") ? "" : "sim/paper is apart";
  }
  if (from == "sim/main.cpp") return to.starts_with("sim/app/") ? "" : "main.cpp starts app only";
  const std::size_t floor = floor_of(from), lower = floor_of(to);
  if (floor == kWings.size()) return "the including file is in no wing";
  if (lower == kWings.size()) return "the included file is in no wing";
  if (lower < floor) return "it runs up";
  if (kWings[floor] == "measure" && kWings[lower] == "worlds" &&
      !to.starts_with("sim/worlds/world/")) {
    return "of worlds, measure knows only worlds/world";
  }
  if (to.starts_with("sim/script/read/") && kWings[floor] != "app" &&
      !from.starts_with("sim/script/read/")) {
    return "only app and script/read know script/read";
  }
  return "";
}

// Returns the file that a line includes in quotes; empty if it includes none.
std::string_view included(std::string_view line) {
  const auto skip = [&](std::string_view what) {
    if (!line.starts_with(what)) return false;
    line.remove_prefix(what.size());
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    return true;
  };
  skip("");
  if (!skip("#") || !skip("include") || !line.starts_with('"')) return {};
  return line.substr(1, line.find('"', 1) - 1);
}

// Returns a line for each arrow of a source that is not allowed.
std::string wrong_arrows(std::string_view path, std::string_view source) {
  std::string out;
  for (std::size_t at = 0; at < source.size();) {
    const std::size_t end = std::min(source.find('\n', at), source.size());
    if (const std::string_view to = included(source.substr(at, end - at)); !to.empty()) {
      if (const std::string wrong = wrong_arrow(path, to); !wrong.empty()) {
        out.append(path).append(" -> ").append(to).append(": ").append(wrong).append("\n");
      }
    }
    at = end + 1;
  }
  return out;
}

struct Arrow {
  std::string_view from, to, want;
};

constexpr Arrow kArrows[] = {
    {"sim/app/cli/cli.cpp", "sim/script/read/load_scenario.h", ""},
    {"sim/app/cli/cli.cpp", "core/time.h", ""},
    {"sim/main.cpp", "sim/app/cli/cli.h", ""},
    {"sim/main.cpp", "sim/run/live_run.h", "main.cpp starts app only"},
    {"sim/script/read/names.cpp", "sim/script/read/names.h", ""},
    {"sim/script/plan/plan.h", "sim/script/spec/scenario.h", ""},
    {"sim/script/plan/plan.h", "sim/script/read/names.h",
     "only app and script/read know script/read"},
    {"sim/run/live_run.h", "sim/script/read/names.h", "only app and script/read know script/read"},
    {"sim/run/live_run.h", "sim/app/cli/cli.h", "it runs up"},
    {"sim/worlds/live/live_herd.h", "sim/measure/metrics/recorder.h", "it runs up"},
    {"sim/base/io/stream.h", "sim/script/spec/limits.h", "it runs up"},
    {"sim/measure/metrics/recorder.h", "sim/worlds/world/in_flight.h", ""},
    {"sim/measure/metrics/recorder.h", "sim/worlds/live/live_herd.h",
     "of worlds, measure knows only worlds/world"},
    {"sim/engines/watch/link_watch.h", "sim/worlds/live/hosted_herd.h", ""},
    {"sim/base/io/stream.h", "stream_parts.h", "the included file is in no wing"},
    {"sim/base/io/stream.h", "sim/stream.h", "the included file is in no wing"},
    {"sim/base/io/stream.h", "tests/sim/base/help.h", "the included file is in no wing"},
    {"sim/paper/load/main.cpp", "sim/paper/load/options.h", ""},
    {"sim/paper/load/main.cpp", "sim/base/io/stream.h", "sim/paper is apart"},
    {"sim/attic/old.h", "core/time.h", "the including file is in no wing"},
};

TEST(Wings, ArrowsThatRunUpAreFound) {
  for (const auto& [from, to, want] : kArrows) EXPECT_EQ(wrong_arrow(from, to), want) << from << to;
}

TEST(Wings, IncludesAreFoundHoweverTheyAreWritten) {
  EXPECT_EQ(included("#include \"sim/app/cli/cli.h\""), "sim/app/cli/cli.h");
  EXPECT_EQ(included("  #  include\"core/time.h\"  // why"), "core/time.h");
  EXPECT_EQ(included("#include <string>"), "");
  EXPECT_EQ(included("// #include \"core/time.h\""), "");
}

TEST(Wings, EveryIncludeOfSimPointsDown) {
  const fs::path root = HERDSIM_SOURCE_DIR;
  int sources = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root / "sim")) {
    const std::string extension = entry.path().extension().string();
    if (extension != ".h" && extension != ".cpp") continue;
    ++sources;
    std::ifstream in(entry.path(), std::ios::binary);
    ASSERT_TRUE(in) << entry.path();
    const std::string source{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(wrong_arrows(fs::relative(entry.path(), root).generic_string(), source), "");
  }
  EXPECT_GT(sources, 400);
}

TEST(Wings, NothingElseLivesInSim) {
  std::set<std::string> found;
  for (const auto& entry : fs::directory_iterator(HERDSIM_SOURCE_DIR "/sim")) {
    found.insert(entry.path().filename().string());
  }
  EXPECT_EQ(found,
            (std::set<std::string>{"app", "run", "engines", "measure", "worlds", "script", "base",
                                   "paper", "main.cpp", "CMakeLists.txt", "README.md"}));
}

}  // namespace
}  // namespace sim

#include "sim/script/read/read_watch.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "sim/base/text/pattern.h"
#include "sim/script/read/fields.h"
#include "sim/script/read/kinds.h"
#include "sim/script/spec/placeholders.h"

namespace sim {
namespace {

constexpr std::string_view kLogFileRight = R"(a file, as "{server}.log")";
constexpr std::string_view kWatchElsewhereRight = R"("replies" or "whatsat")";
constexpr std::string_view kWatches[] = {"links", "whatsat", "replies"};

// The placeholders that tell a process where its neighbours are.
constexpr std::array<std::string_view, 4> kNeighborPlaces = {"dial", "neighbors", "neighbor_ports",
                                                             "servers"};

bool hears_of_neighbors(const ProgramSpec& program) {
  const auto mentioned = [&](std::string_view name) { return mentions(program, name); };
  return program.per == ProcessPer::kServer &&
         (std::any_of(kNeighborPlaces.begin(), kNeighborPlaces.end(), mentioned) ||
          mentioned("port:"));
}

std::optional<Watch> read_named(const JsonNode& node, Problems& problems) {
  const std::array choices = {Choice<Watch>{kWatches[0], WatchLinks{}},
                              Choice<Watch>{kWatches[1], WatchWhatsat{}},
                              Choice<Watch>{kWatches[2], WatchReplies{}}};
  return read_choice(node, problems, choices);
}

// The links between servers elsewhere do not run through us, and their logs are not here.
std::optional<Watch> read_elsewhere(const JsonNode& node, Problems& problems) {
  if (json_is_object(node.json)) {
    problems.add(node.path, "is a log, and servers that are served elsewhere write theirs there",
                 std::string(kWatchElsewhereRight));
    return std::nullopt;
  }
  auto watch = read_named(node, problems);
  if (!watch || !std::holds_alternative<WatchLinks>(*watch)) return watch;
  problems.add(node.path,
               "cannot be: the links of servers that are served elsewhere do not run through "
               "herdsim",
               std::string(kWatchElsewhereRight));
  return std::nullopt;
}

class LogReader {
 public:
  LogReader(const ProgramSpec& program, Problems& problems)
      : program_(program), problems_(problems) {}

  std::optional<Watch> read(const JsonNode& node) {
    ObjectReader object(node, problems_, kObserveRight);
    if (!object.is_object()) return std::nullopt;
    WatchLogs logs;
    read_fields(object, fields(), logs, *this);
    object.finish();
    if (logs.pattern.empty()) return std::nullopt;
    check_groups(logs, node.member_path("log"));
    return logs;
  }

  static const Fields<WatchLogs, LogReader>& fields() {
    static const Fields<WatchLogs, LogReader> kFields = {
        {"log", PatternKind{}, &WatchLogs::pattern,
         "A line that matches says that a server holds a report; groups client and time, and "
         "server if several write the log.",
         required(kObserveRight)},
        {"file", TextKind{kLogFileRight, R"("type": "string", "minLength": 1)"},
         &LogReader::set_file,
         "What to read in place of the output, from cwd. {server} and {herd} stand for names."},
    };
    return kFields;
  }

 private:
  void check_groups(const WatchLogs& logs, const std::string& path) {
    const RE2 compiled(logs.pattern, pattern_options());
    std::vector<std::string_view> needed = {"client", "time"};
    const bool of_one_server =
        logs.file.empty() ? program_.per == ProcessPer::kServer : logs.is_of_one_server();
    if (!of_one_server) needed.emplace_back("server");
    for (const std::string_view group : needed) {
      if (compiled.NamedCapturingGroups().contains(std::string(group))) continue;
      problems_.add(path, fmt::format("has no group {}", quoted(group)),
                    fmt::format("(?P<{}>...)", group));
    }
  }

  void set_file(const JsonNode& node, const std::string& text, WatchLogs& logs) {
    if (text.empty()) problems_.add(node.path, "is empty", std::string(kLogFileRight));
    for (const Placeholder& each : placeholders_in(text)) {
      if ((each.name == "server" || each.name == "herd") && each.argument.empty()) continue;
      problems_.add(node.path, fmt::format("{{{}}} stands for nothing here", each.name),
                    "{server} or {herd}");
    }
    logs.file = text;
  }

  const ProgramSpec& program_;
  Problems& problems_;
};

}  // namespace

std::optional<Watch> read_watch(const JsonNode& node, const ProgramSpec* program,
                                Problems& problems) {
  if (program == nullptr) return read_elsewhere(node, problems);
  if (!json_is_string(node.json)) return LogReader(*program, problems).read(node);
  const auto watch = read_named(node, problems);
  if (watch && std::holds_alternative<WatchLinks>(*watch) && !hears_of_neighbors(*program)) {
    problems.add(node.path, "cannot be: the program is not told where its neighbours are",
                 R"({neighbors}, {dial}, {neighbor_ports}, {servers} or {port:NAME} in its )"
                 R"(command, a process for each server; or "whatsat")");
  }
  return watch.value_or(WatchReplies{});
}

Watch default_watch(const ProgramSpec* program) {
  if (program == nullptr) return WatchReplies{};
  if (hears_of_neighbors(*program)) return WatchLinks{};
  if (mentions(*program, "places_url")) return WatchWhatsat{};
  return WatchReplies{};
}

Schema observe_schema() {
  return one_of({R"("enum": )" + to_json_list({std::begin(kWatches), std::end(kWatches)}),
                 object_schema(LogReader::fields())});
}

Schema observe_elsewhere_schema() {
  return R"("enum": )" + to_json_list({kWatches[1], kWatches[2]});
}

}  // namespace sim

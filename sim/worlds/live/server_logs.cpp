#include "sim/worlds/live/server_logs.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <ctime>
#include <string_view>
#include <utility>

#include "sim/base/text/utf8.h"

namespace sim {

namespace {

// The message with control characters as \xNN: clients and neighbours choose parts of it, and must
// not be able to write lines of their own or to change a terminal.
class SafeMessage final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    const std::string_view text(message.payload.data(), message.payload.size());
    const bool is_plain =
        std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7f; });
    if (is_plain) {
      out.append(text.data(), text.data() + text.size());
    } else {
      const std::string safe = printable(text);
      out.append(safe.data(), safe.data() + safe.size());
    }
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<SafeMessage>();
  }
};

// `%*` in the pattern is the message.
std::unique_ptr<spdlog::formatter> line_format(const std::string& pattern) {
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<SafeMessage>('*').set_pattern(pattern);
  return formatter;
}

}  // namespace

ServerLogs ServerLogs::to_files(std::filesystem::path folder, spdlog::level::level_enum level) {
  return {std::move(folder), level};
}

ServerLogs ServerLogs::to_stderr(spdlog::level::level_enum level) { return {{}, level}; }

herd::Result<std::shared_ptr<spdlog::logger>, Error> ServerLogs::open(
    const std::string& herd, const std::string& server) const {
  std::shared_ptr<spdlog::sinks::sink> sink;
  if (folder_.empty()) {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    sink->set_formatter(line_format("%Y-%m-%dT%H:%M:%S.%f %-7l %n: %*"));
  } else {
    // spdlog reports a file that cannot be made with an exception.
    try {
      const auto file = folder_ / herd / (server + ".log");
      sink = std::make_shared<spdlog::sinks::basic_file_sink_st>(file.string(), true);
    } catch (const spdlog::spdlog_ex& failure) {
      return Error{failure.what()};
    }
    sink->set_formatter(line_format("%Y-%m-%dT%H:%M:%S.%f %-7l %*"));
  }
  auto logger = std::make_shared<spdlog::logger>(herd + "/" + server, std::move(sink));
  logger->set_level(level_);
  return logger;
}

}  // namespace sim

#include "sim/worlds/live/server_logs.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <utility>

namespace sim {

ServerLogs ServerLogs::to_files(std::filesystem::path folder, spdlog::level::level_enum level) {
  return {std::move(folder), level};
}

ServerLogs ServerLogs::to_stderr(spdlog::level::level_enum level) { return {{}, level}; }

herd::Result<std::shared_ptr<spdlog::logger>, Error> ServerLogs::open(
    const std::string& herd, const std::string& server) const {
  std::shared_ptr<spdlog::sinks::sink> sink;
  if (folder_.empty()) {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    sink->set_pattern("%Y-%m-%dT%H:%M:%S.%f %-7l %n: %v");
  } else {
    // spdlog reports a file that cannot be made with an exception.
    try {
      const auto file = folder_ / herd / (server + ".log");
      sink = std::make_shared<spdlog::sinks::basic_file_sink_st>(file.string(), true);
    } catch (const spdlog::spdlog_ex& failure) {
      return Error{failure.what()};
    }
    sink->set_pattern("%Y-%m-%dT%H:%M:%S.%f %-7l %v");
  }
  auto logger = std::make_shared<spdlog::logger>(herd + "/" + server, std::move(sink));
  logger->set_level(level_);
  return logger;
}

}  // namespace sim

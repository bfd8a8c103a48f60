// The servers' logs: a file a server under the run's folder, or everything on standard error.
#pragma once

#include <spdlog/logger.h>

#include <filesystem>
#include <memory>
#include <string>

#include "core/result.h"
#include "sim/base/io/uv_error.h"

namespace sim {

class ServerLogs {
 public:
  // Files `FOLDER/HERD/SERVER.log`, made as they are asked for.
  static ServerLogs to_files(std::filesystem::path folder, spdlog::level::level_enum level);
  // Lines on standard error that name herd and server.
  static ServerLogs to_stderr(spdlog::level::level_enum level);

  herd::Result<std::shared_ptr<spdlog::logger>, Error> open(const std::string& herd,
                                                            const std::string& server) const;

 private:
  ServerLogs(std::filesystem::path folder, spdlog::level::level_enum level)
      : folder_(std::move(folder)), level_(level) {}

  std::filesystem::path folder_;  // empty: standard error
  spdlog::level::level_enum level_;
};

}  // namespace sim

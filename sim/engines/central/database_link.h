// The network between one front end and the database's site: a UNIX socket that looks like the
// database's, and behind it a relay that delays both directions and can be cut. The loop's thread
// only.
#pragma once

#include <uv.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "sim/base/io/uv_error.h"
#include "sim/base/io/uv_handle.h"
#include "sim/engines/relay/byte_relay.h"

namespace sim {

class DatabaseLink final : public ByteRelay {
 public:
  struct Setup {
    std::filesystem::path folder;  // for its socket only; the link makes it
    std::string database;          // the path of the database's socket
    LinkModel to_front_end, to_database;
    std::function<void(const Error&)> on_failure;  // called if the link cannot go on
  };

  // The clocks must outlive the link.
  DatabaseLink(AlarmClock& alarms, const RunClock& clock, Setup setup);

  // Makes the socket and begins to accept connections.
  std::optional<Error> listen();
  const std::filesystem::path& folder() const { return folder_; }

  // Return the number of bytes that each side has sent so far.
  std::uint64_t bytes_to_front_end() const { return bytes_handed(kDatabase); }
  std::uint64_t bytes_to_database() const { return bytes_handed(kFrontEnd); }

 private:
  static constexpr std::size_t kDatabase = 0, kFrontEnd = 1;  // endpoints

  void exhausted(int error) override;

  IoLoop& loop_;
  std::filesystem::path folder_;
  std::string database_;
  std::function<void(const Error&)> on_failure_;
  std::optional<UvHandle<uv_pipe_t>> listener_;
};

}  // namespace sim

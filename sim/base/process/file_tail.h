// Passes on the lines that another program adds to a file, as they come. The file may be created
// later, be truncated, or be replaced by another of the same name. Text that was in the file before
// is skipped. Only the loop's thread may use it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "sim/base/io/io_loop.h"
#include "sim/base/io/owned_fd.h"
#include "sim/base/io/uv_error.h"
#include "sim/base/io/uv_handle.h"
#include "sim/base/process/line_cutter.h"

namespace sim {

class FileTail {
 public:
  // Throws SetUpError. The loop must outlive it. `on_line`: of a line longer than 64 KiB the
  // beginning.
  FileTail(IoLoop& loop, std::filesystem::path file, std::function<void(std::string_view)> on_line);
  FileTail(const FileTail&) = delete;
  FileTail& operator=(const FileTail&) = delete;

  // Begins to watch. Called once, before the writing program starts. The folder must exist.
  [[nodiscard]] std::optional<Error> start();
  // Passes on all that is in the file now, also a line without an ending: its writers have ended.
  void finish();

 private:
  void look();
  // Returns true if the file with this name is the open one.
  bool is_open_file() const;
  void read_on();

  const std::filesystem::path file_;
  std::function<void(std::string_view)> on_line_;
  UvHandle<uv_fs_event_t> watch_;
  OwnedFd fd_;
  off_t read_ = 0;
  LineCutter lines_;
};

}  // namespace sim

// Hands in the lines that another program adds to a file, as they come: also of a file that is yet
// to be made, that is begun anew, or whose name is given to another. What stood in it before is
// left out. The loop's thread only.
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

  // Once, before who writes it is started. Its folder must be there.
  [[nodiscard]] std::optional<Error> start();

 private:
  void look();
  // Whether the file of that name is the one that is open.
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

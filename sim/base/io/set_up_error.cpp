#include "sim/base/io/set_up_error.h"

#include <cerrno>

namespace sim {

int require_descriptor(int fd, const char* what) {
  if (fd < 0) require(uv_translate_sys_error(errno), what);
  return fd;
}

}  // namespace sim

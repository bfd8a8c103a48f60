#include "sim/base/process/core_dumps.h"

#include <sys/resource.h>

namespace sim {

void forbid_core_dumps() {
  // Too small for any dump. A limit of 0 does not keep Linux from passing a dump to a program, if
  // core_pattern names one; a limit of 1 does.
  const rlimit one{1, 1};
  if (::setrlimit(RLIMIT_CORE, &one) == 0) return;
  const rlimit none{0, 0};  // the limit was 0 already, and cannot be raised
  static_cast<void>(::setrlimit(RLIMIT_CORE, &none));
}

}  // namespace sim

#include "sim/run/virtual_run.h"

namespace sim {

herd::Result<RunResults, Error> run_virtual(const Scenario&, const VirtualRunOptions&) {
  return Error{"virtual time is not there yet"};
}

}  // namespace sim

#include "sim/engines/watch/herd_questions.h"

#include <string>
#include <utility>

namespace sim {

HerdQuestions::HerdQuestions(IoLoop& loop, const RunClock& clock, OutsideWatch& watch, Setup setup)
    : watch_(watch),
      world_(loop, clock, std::move(setup.servers),
             std::vector<std::unique_ptr<AccessLink>>(setup.spec->servers.size()),
             setup.spec->external->dialect),
      asker_(*setup.spec, *setup.plan, clock, watch, world_) {
  world_.set_handler(asker_);
  world_.tell_if_exhausted(
      [tell = std::move(setup.on_failure), herd = setup.spec->name](int error) {
        tell(uv_failure("herd " + herd + ": cannot ask a server", error));
      });
  world_.set_zero(setup.zero);
  asker_.begin();
}

void HerdQuestions::answered(std::uint32_t update, std::uint32_t server) {
  if (watch_.accepted_as(update) != kNoIndex) asker_.accepted(update, server);
}

}  // namespace sim

#include "sim/script/read/read_virtual_model.h"

#include <array>

namespace sim {
namespace {

const DurationKind kServiceTime{herd::Duration(0), std::chrono::seconds(60),
                                R"(a duration of at most 60s, as "20us")"};

}  // namespace

VirtualModel read_virtual_model(ObjectReader& object, ClockKind clock, const VirtualModel& outer,
                                Problems& problems) {
  VirtualModel model = outer;
  if (clock != ClockKind::kVirtual) {
    for (const char* key : {"service_time", "wire"}) {
      object.refuse(key, "is a model that only virtual time has",
                    R"("clock": "virtual", or leave it out)");
    }
    return model;
  }
  if (const auto time = object.optional("service_time")) {
    model.service_time = read_duration(*time, problems, kServiceTime).value_or(model.service_time);
  }
  if (const auto wire = object.optional("wire")) {
    static constexpr std::array kWires = {Choice<Wire>{"values", Wire::kValues},
                                          Choice<Wire>{"text", Wire::kText}};
    model.wire = read_choice(*wire, problems, kWires).value_or(model.wire);
  }
  return model;
}

}  // namespace sim

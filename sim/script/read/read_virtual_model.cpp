#include "sim/script/read/read_virtual_model.h"

#include "sim/script/read/kinds.h"

namespace sim {
namespace {

const DurationKind kServiceTime{herd::Duration(0), std::chrono::seconds(60),
                                R"(a duration of at most 60s, as "20us")"};
constexpr Choice<Wire> kWires[] = {{"values", Wire::kValues}, {"text", Wire::kText}};

template <class Spec>
Fields<Spec> make_fields(const Presence& service_time, const Presence& wire) {
  return {
      {"service_time", kServiceTime, &Spec::service_time,
       "In virtual time, how long a server takes for each line that it reads. Default in a herd: "
       "the scenario's.",
       service_time},
      {"wire", choice_of(kWires), &Spec::wire,
       "In virtual time, whether AT lines travel as parsed values or as text that is framed and "
       "parsed again. The figures are the same. Default in a herd: the scenario's.",
       wire},
  };
}

}  // namespace

const Fields<VirtualModel>& virtual_model_fields() {
  static const auto kFields = make_fields<VirtualModel>({}, {});
  return kFields;
}

const Fields<HerdSpec>& virtual_model_fields_of_herd() {
  static const auto kFields = make_fields<HerdSpec>(without_default(), without_default());
  return kFields;
}

void refuse_virtual_model(ObjectReader& object, ClockKind clock) {
  if (clock == ClockKind::kVirtual) return;
  for (const std::string_view key : keys_of(virtual_model_fields())) {
    object.refuse(key, "is a model that only virtual time has",
                  R"("clock": "virtual", or leave it out)");
  }
}

}  // namespace sim

// A herd's embedded Places provider and how its servers ask it, in virtual time: the same index,
// faults and answers as the live one's, the same bounds on what may be asked at once, and its
// modelled latency; the way to it takes no time.
//
// One thread, the loop's.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/effects.h"
#include "core/result.h"
#include "sim/base/io/uv_error.h"
#include "sim/script/spec/herd_spec.h"
#include "sim/worlds/places/place_index.h"
#include "sim/worlds/places/places_answer.h"
#include "sim/worlds/places/places_faults.h"
#include "sim/worlds/virtual/virtual_loop.h"
#include "sim/worlds/virtual/virtual_tasks.h"

namespace sim {

class VirtualPlaces {
 public:
  // An error where the data cannot be read. The loop must outlive it.
  static herd::Result<std::unique_ptr<VirtualPlaces>, Error> create(VirtualLoop& loop,
                                                                    const PlacesSpec& spec,
                                                                    std::uint64_t seed);

  // For the requests to come.
  void set_faults(const PlacesFaults& faults) { faults_.set(faults); }

  // `answer` is called once, later, with the JSON; never from within this call.
  using OnAnswer = std::function<void(herd::SharedText json)>;
  void ask(std::uint32_t server, const herd::PlacesQuestion& question, OnAnswer answer);

 private:
  // One request, and all who ask the same meanwhile.
  struct Question {
    std::string query;
    herd::Instant deadline;
    std::vector<std::pair<int, OnAnswer>> asks;  // with their bounds
  };
  using QuestionPtr = std::shared_ptr<Question>;
  // The questions of one server that are in progress.
  struct Asker {
    std::uint32_t server = 0;
    std::unordered_map<std::string, QuestionPtr> in_flight;
    std::list<QuestionPtr> queue;  // that wait for a transfer
    std::size_t transfers = 0, unanswered = 0;
  };

  VirtualPlaces(VirtualLoop& loop, const PlacesSpec& spec, std::uint64_t seed)
      : loop_(loop), tasks_(loop), timeout_(spec.timeout), faults_(spec.faults, seed) {}

  void pump(Asker& asker);
  void start(Asker& asker, const QuestionPtr& question);
  void settle(Asker& asker, const Question& question, PlacesReply reply);
  PlacesReply reply_to(const Question& question, PlacesFault fault);

  VirtualLoop& loop_;
  VirtualTasks tasks_;  // of the servers
  Duration timeout_;
  PlacesFaultSource faults_;
  std::shared_ptr<const PlaceIndex> index_;          // made for the first question
  std::unordered_map<std::uint32_t, Asker> askers_;  // by server; their places do not change
};

}  // namespace sim

#include "sim/worlds/virtual/virtual_places.h"

#include <fmt/format.h>

#include <chrono>
#include <string_view>

#include "sim/worlds/places/load_place_index.h"
#include "sim/worlds/places/nearby_search.h"
#include "sim/worlds/places/places_asker.h"
#include "sim/worlds/places/places_query.h"

namespace sim {
namespace {

// A query string that nearby_query() made: nothing in it needs decoding.
std::vector<QueryParameter> parameters_of(std::string_view query) {
  std::vector<QueryParameter> out;
  while (!query.empty()) {
    const std::string_view one = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), one.size() + 1));
    const std::size_t equals = std::min(one.find('='), one.size());
    out.push_back({std::string(one.substr(0, equals)),
                   std::string(one.substr(std::min(equals + 1, one.size())))});
  }
  return out;
}

}  // namespace

herd::Result<std::unique_ptr<VirtualPlaces>, Error> VirtualPlaces::create(VirtualLoop& loop,
                                                                          const PlacesSpec& spec,
                                                                          std::uint64_t seed) {
  std::unique_ptr<VirtualPlaces> made(new VirtualPlaces(loop, spec, seed));
  if (!spec.data.empty()) {
    auto index = load_place_index(spec.data);
    if (!index) return index.error();
    made->index_ = std::move(*index);
  }
  return made;
}

void VirtualPlaces::ask(std::uint32_t server, const herd::PlacesQuestion& question,
                        OnAnswer answer) {
  const PlacesAskerConfig limits;
  Asker& asker = askers_[server];
  asker.server = server;
  const auto query = nearby_query(question.location, question.radius_km);
  const auto refuse = [&](std::string_view error) {
    tasks_.soon(server,
                [answer = std::move(answer), bound = question.bound,
                 reply = PlacesReply::failure(error)]() mutable { answer(reply.cut(bound).body); });
  };
  if (!query) return refuse("Places was not asked: the location or the radius is wrong");
  if (asker.unanswered >= limits.max_transfers + limits.max_queue) {
    return refuse(fmt::format("Places was not asked: {} questions are waiting", asker.unanswered));
  }
  ++asker.unanswered;
  QuestionPtr& asked = asker.in_flight[*query];
  if (asked) {
    asked->asks.emplace_back(question.bound, std::move(answer));
    return;
  }
  asked = std::make_shared<Question>();
  asked->query = *query;
  asked->deadline = loop_.now() + timeout_;
  asked->asks.emplace_back(question.bound, std::move(answer));
  asker.queue.push_back(asked);
  // Its time is over, whether it still waits or has been sent.
  tasks_.at(asked->deadline, server, [this, &asker, question_sent = asked] {
    const auto same = asker.in_flight.find(question_sent->query);
    if (same == asker.in_flight.end() || same->second != question_sent) return;
    const auto before = asker.queue.size();
    asker.queue.remove(question_sent);
    if (asker.queue.size() == before) --asker.transfers;
    settle(asker, *question_sent,
           PlacesReply::failure(fmt::format(
               "no answer from Places within {} ms",
               std::chrono::duration_cast<std::chrono::milliseconds>(timeout_).count())));
    pump(asker);
  });
  tasks_.soon(server, [this, &asker] { pump(asker); });
}

void VirtualPlaces::pump(Asker& asker) {
  while (!asker.queue.empty() && asker.transfers < PlacesAskerConfig().max_transfers) {
    const QuestionPtr next = asker.queue.front();
    asker.queue.pop_front();
    start(asker, next);
  }
}

void VirtualPlaces::start(Asker& asker, const QuestionPtr& question) {
  ++asker.transfers;
  const PlacesFaultSource::Draw draw = faults_.next();
  tasks_.at(loop_.now() + draw.latency, asker.server, [this, &asker, question, fault = draw.fault] {
    const auto same = asker.in_flight.find(question->query);
    if (same == asker.in_flight.end() || same->second != question) return;  // too late
    --asker.transfers;
    settle(asker, *question, reply_to(*question, fault));
    pump(asker);
  });
}

PlacesReply VirtualPlaces::reply_to(const Question& question, PlacesFault fault) {
  switch (fault) {
    case PlacesFault::kFail:
      return PlacesReply::failure("Places answered HTTP 500");
    case PlacesFault::kCut:
      return PlacesReply::failure("Places broke its answer off");
    case PlacesFault::kOverQuota:
      return PlacesReply::from_body(over_query_limit().body);
    case PlacesFault::kNone:
      break;
  }
  if (!index_) index_ = built_in_place_index();
  return PlacesReply::from_body(
      nearby_search(*index_, {.now = loop_.now().time_since_epoch()}, parameters_of(question.query))
          .body);
}

void VirtualPlaces::settle(Asker& asker, const Question& question, PlacesReply reply) {
  const QuestionPtr settled = std::move(asker.in_flight.extract(question.query).mapped());
  asker.unanswered -= settled->asks.size();
  for (const auto& [bound, answer] : settled->asks) answer(reply.cut(bound).body);
}

}  // namespace sim

// Measures Places with its full file of 49,420 places: a query of the index, and a Nearby Search
// from its parameters to its JSON.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "core/random.h"
#include "sim/worlds/places/nearby_search.h"
#include "sim/worlds/places/place_data.h"
#include "sim/worlds/places/place_index.h"
#include "sim/worlds/places/places_answer.h"

namespace sim {
namespace {

constexpr herd::GeoPoint kUcla{34.068930, -118.445127};

PlaceData load() {
  auto data = load_places(HERDSIM_SOURCE_DIR "/scenarios/places/cities.csv");
  if (!data) {
    std::cerr << data.error().front() << '\n';
    std::exit(1);
  }
  return std::move(data).value();
}

const PlaceIndex& cities() {
  static const PlaceIndex index(load());
  return index;
}

std::vector<QueryParameter> query(double radius_m) {
  return {{"location", "34.068930,-118.445127"}, {"radius", std::to_string(radius_m)}};
}

void load_file(benchmark::State& state) {
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(load());
}
BENCHMARK(load_file)->Unit(benchmark::kMillisecond);

void build_index(benchmark::State& state) {
  const PlaceData data = load();
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(PlaceIndex(data));
}
BENCHMARK(build_index)->Unit(benchmark::kMillisecond);

// The argument of all other benchmarks is the radius in metres.
void query_around_ucla(benchmark::State& state) {
  const auto radius_m = static_cast<double>(state.range(0));
  std::size_t found = 0;
  for ([[maybe_unused]] auto _ : state)
    found = cities().within(kUcla, radius_m, PlaceOrder::kProminence).size();
  state.counters["places"] = static_cast<double>(found);
}
BENCHMARK(query_around_ucla)->Arg(1'000)->Arg(10'000)->Arg(50'000)->Unit(benchmark::kMicrosecond);

// Queries around random places of the data, which is dense where people live.
void query_anywhere(benchmark::State& state) {
  const auto radius_m = static_cast<double>(state.range(0));
  const auto& places = cities().data().places;
  herd::Random random(1, "bench");
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(
        cities().within(places[random.below(places.size())].at, radius_m, PlaceOrder::kProminence));
  }
}
BENCHMARK(query_anywhere)->Arg(10'000)->Arg(50'000)->Unit(benchmark::kMicrosecond);

void nearby_search_around_ucla(benchmark::State& state) {
  const auto parameters = query(static_cast<double>(state.range(0)));
  for ([[maybe_unused]] auto _ : state)
    benchmark::DoNotOptimize(nearby_search(cities(), {}, parameters));
}
BENCHMARK(nearby_search_around_ucla)
    ->Arg(1'000)
    ->Arg(10'000)
    ->Arg(50'000)
    ->Unit(benchmark::kMicrosecond);

// The work of a herd server on the answer: check it, fold it, cut it to five results.
void cut_answer(benchmark::State& state) {
  const std::string body = nearby_search(cities(), {}, query(50'000)).body;
  for ([[maybe_unused]] auto _ : state)
    benchmark::DoNotOptimize(PlacesReply::from_body(body).cut(5));
  state.SetBytesProcessed(static_cast<std::int64_t>(body.size()) * state.iterations());
}
BENCHMARK(cut_answer)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace sim

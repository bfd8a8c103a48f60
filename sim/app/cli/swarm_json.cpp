#include "sim/app/cli/swarm_json.h"

#include <utility>
#include <vector>

#include "sim/app/swarm/repeat.h"
#include "sim/base/json/dump_json.h"
#include "sim/base/json/make_json.h"
#include "sim/base/json/parse_json.h"

namespace sim {
namespace {

constexpr int kSwarmFormatVersion = 1;

OwnedJson failure_json(const SwarmFailure& failure, const SwarmEnd& end) {
  std::vector<std::string> sentences;
  for (const Failure& each : failure.verdict.failures) sentences.push_back(each.sentence);
  OwnedJson object(json_object());
  put(object.get(), "seed", json_count(failure.seed));
  put(object.get(), "failures", json_texts(sentences));
  put(object.get(), "repeat", command_to_repeat(failure.seed));
  if (end.small == nullptr) return object;
  OwnedJson small(json_object());
  put(small.get(), "failure", end.small->failure.sentence);
  put(small.get(), "runs", json_count(end.small->runs));
  put(small.get(), "file", json_text_or_null(end.file));
  put(small.get(), "scenario", parse_json(end.small->scenario));
  put(object.get(), "reduced", std::move(small));
  return object;
}

}  // namespace

std::string swarm_json(const SwarmReport& report, const SwarmEnd& end) {
  const OwnedJson document = begin_output_json(kSwarmFormatVersion);
  put(document.get(), "first_seed", json_count(end.first_seed));
  put(document.get(), "runs", json_count(report.runs));
  put(document.get(), "updates", json_count(report.updates));
  put(document.get(), "messages", json_count(report.messages));
  put(document.get(), "complete", json_flag(end.complete));
  put(document.get(), "failure",
      report.failure ? failure_json(*report.failure, end) : OwnedJson(json_null()));
  return dump_json(document.get(), 2) + '\n';
}

}  // namespace sim

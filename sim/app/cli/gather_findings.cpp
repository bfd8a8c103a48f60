#include "sim/app/cli/gather_findings.h"

#include <cstdio>
#include <optional>
#include <string>

#include "sim/app/cli/exit_status.h"
#include "sim/app/swarm/findings.h"
#include "sim/app/swarm/repeat.h"
#include "sim/app/sweep/copy_finished.h"
#include "sim/app/sweep/point_origin.h"
#include "sim/base/json/dump_json.h"
#include "sim/base/json/make_json.h"
#include "sim/base/json/parse_json.h"
#include "sim/base/text/read_file.h"
#include "sim/measure/results/human.h"
#include "sim/measure/results/output_folder.h"

namespace sim {
namespace {

constexpr int kGatherFormatVersion = 1;

int refuse_findings(const std::string& why) {
  std::fprintf(stderr, "herdsim gather: %s\n", why.c_str());
  return kBadUsage;
}

int fail_findings(const std::string& why) {
  std::fprintf(stderr, "herdsim gather: not carried out: %s\n", why.c_str());
  return kNotCarriedOut;
}

bool is_whole_json(const std::string& file) {
  const auto text = read_file(file);
  return text && parse_json(*text) != nullptr;
}

// Adds a shard. Returns why it cannot be, or an empty string.
std::string join_shard(const ShardFolder& shard, PointOrigin& origin, SwarmFindings& all) {
  const auto findings = read_findings(shard.run.get());
  if (!findings) return "is not from a swarm";
  std::string why = join_origins(origin, read_origin(shard.run.get()));
  if (!why.empty()) return why + ", unlike the shards before it";
  for (const SwarmPart& part : findings->parts) {
    if (part.finding && !is_whole_json((shard.folder / part.finding->file).string())) {
      return part.finding->file + " is missing or cut off";
    }
  }
  return join_findings(all, *findings);
}

// Copies the scenarios that failed. Returns what went wrong, or an empty string.
std::string copy_scenarios(const std::vector<ShardFolder>& shards, const SwarmFindings& all,
                           const std::filesystem::path& folder) {
  for (const SwarmPart& part : all.parts) {
    for (const ShardFolder& shard : shards) {
      std::error_code unknown;
      if (!part.finding || std::filesystem::exists(folder / part.finding->file, unknown)) break;
      if (!std::filesystem::exists(shard.folder / part.finding->file, unknown)) continue;
      const auto error = copy_finished(shard.folder, folder, {part.finding->file});
      if (error) return error->message();
    }
  }
  return "";
}

void print_findings(const SwarmFindings& all, const std::filesystem::path& shown) {
  std::uint64_t runs = 0, updates = 0, messages = 0, failed = 0;
  for (const SwarmPart& part : all.parts) {
    runs += part.runs;
    updates += part.updates;
    messages += part.messages;
    if (!part.finding) continue;
    ++failed;
    const std::string& sentence =
        part.finding->failures.empty() ? part.finding->file : part.finding->failures.front();
    std::printf("seed %llu fails: %s\nto repeat it: %s\nreduced in %s\n",
                static_cast<unsigned long long>(part.finding->seed), sentence.c_str(),
                command_to_repeat(part.finding->seed).c_str(),
                (shown / part.finding->file).c_str());
  }
  const auto words = [](std::uint64_t count) {
    return with_separators(static_cast<std::int64_t>(count));
  };
  std::printf("%s runs, %s updates, %s messages, %s\nfiles in %s\n", words(runs).c_str(),
              words(updates).c_str(), words(messages).c_str(),
              failed == 0 ? "no violation" : (words(failed) + " with a violation").c_str(),
              shown.c_str());
}

OwnedJson missing_json(const std::vector<SeedRange>& missing) {
  OwnedJson list(json_array());
  for (const SeedRange& range : missing) {
    OwnedJson object(json_object());
    put(object.get(), "first_seed", json_count(range.first));
    put(object.get(), "seeds", json_count(range.count));
    add(list.get(), std::move(object));
  }
  return list;
}

void print_json(const SwarmFindings& all, const std::filesystem::path& shown, int status) {
  const OwnedJson document = begin_output_json(kGatherFormatVersion);
  put(document.get(), "first_seed", json_count(all.all.first));
  put(document.get(), "seeds", json_count(all.all.count));
  put(document.get(), "parts", parts_json(all.parts));
  put(document.get(), "missing", missing_json(all.missing()));
  put(document.get(), "folder", shown.string());
  put(document.get(), "status", json_count(status));
  std::fputs((dump_json(document.get(), 2) + '\n').c_str(), stdout);
}

int status_of_findings(const SwarmFindings& all) {
  if (!all.missing().empty()) return kNotCarriedOut;
  for (const SwarmPart& part : all.parts) {
    if (part.finding) return kNotHeld;
  }
  return kDone;
}

}  // namespace

int gather_findings(const std::vector<ShardFolder>& shards, const RunCommand& command) {
  const auto first = read_findings(shards.front().run.get());
  if (!first) return refuse_findings(shards.front().folder.string() + ": is not from a swarm");
  SwarmFindings all{first->all, "", {}, ""};
  PointOrigin origin = read_origin(shards.front().run.get());
  for (const ShardFolder& shard : shards) {
    const std::string why = join_shard(shard, origin, all);
    if (!why.empty()) return refuse_findings(shard.folder.string() + ": " + why);
  }
  for (const SeedRange& range : all.missing()) {
    std::fprintf(stderr, "swarm: %s: no shard has played them to the end\n",
                 to_string(range).c_str());
  }
  if (all.parts.empty()) return fail_findings("the shards have played no seed to the end");
  const std::filesystem::path shown = command.folder("swarm");
  auto folder = OutputFolder::create(shown);
  if (!folder) return fail_findings(folder.error().message());
  std::string error = copy_scenarios(shards, all, (*folder)->partial());
  if (const auto unwritten = write_findings(all, (*folder)->partial());
      error.empty() && unwritten) {
    error = unwritten->message();
  }
  if (!error.empty()) return fail_findings((*folder)->for_people(error));
  const auto place = (*folder)->publish();
  if (!place) return fail_findings((*folder)->for_people(place.error().message()));
  const int status = status_of_findings(all);
  if (command.format == RunFormat::kJson) {
    print_json(all, shown, status);
  } else {
    print_findings(all, shown);
  }
  return status;
}

}  // namespace sim

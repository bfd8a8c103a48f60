#include "sim/app/cli/shard_option.h"

#include <fmt/format.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "sim/app/shards/scheduler.h"

namespace sim {
namespace {

constexpr std::string_view kAuto = "auto";

bool is_auto(std::string_view option) { return option == kAuto || option.starts_with("auto/"); }

// Returns N of `auto/N`.
std::optional<std::uint64_t> count_of_auto(std::string_view option) {
  return option == kAuto ? std::nullopt : read_shard_count(option.substr(kAuto.size() + 1));
}

std::string check_shard(const std::string& option) {
  const bool good =
      is_auto(option) ? option == kAuto || count_of_auto(option) : read_shard(option).has_value();
  if (good) return "";
  return fmt::format(
      "'{}' is not I/N with I from 1 to N, as 2/4, nor auto or auto/N (N at most {})", option,
      kMostShards);
}

}  // namespace

void add_shard_option(CLI::App& command, std::string& shard, const std::string& help) {
  command.add_option("--shard", shard, help)->type_name("I/N")->check(check_shard);
}

herd::Result<std::optional<Shard>, std::string> chosen_shard(const std::string& option) {
  if (!is_auto(option)) return read_shard(option);
  const auto found = scheduled_shard(::getenv, count_of_auto(option));
  if (!found) return "--shard " + option + ": " + found.error();
  std::fprintf(stderr, "--shard %s: this is shard %s, because %s\n", option.c_str(),
               to_string(found->shard).c_str(), found->source.c_str());
  return std::optional<Shard>(found->shard);
}

std::string why_not_alone(const std::string& shard_option) {
  const auto launch = shard_option.empty() ? parallel_launch(::getenv) : std::nullopt;
  if (!launch) return "";
  return fmt::format(
      "{} has started this command {} times at once ({}), and each process would write the same "
      "folder (start it once, or let each process run a part with --shard auto)",
      launch->launcher, launch->processes, launch->source);
}

}  // namespace sim

#include "sim/app/sweep/run_sweep.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "sim/app/sweep/load_sweep.h"
#include "sim/app/sweep/point_folder.h"
#include "sim/app/sweep/shard_points.h"
#include "sim/base/io/start_thread.h"
#include "sim/measure/results/utc_now.h"
#include "sim/measure/results/write_results.h"

namespace sim {
namespace {

namespace fs = std::filesystem;

PointResult failed(std::string why) {
  PointResult result;
  result.status = PointStatus::kFailed;
  result.why = std::move(why);
  return result;
}

class SweepRunner {
 public:
  SweepRunner(const Sweep& sweep, const SweepOptions& options, const fs::path& folder,
              SweepResults& results)
      : sweep_(sweep), options_(options), folder_(folder), results_(results) {}

  void run() {
    const std::size_t left = results_.count(PointStatus::kNotRun);
    progress_ = {results_.own() - left, 0, results_.own()};
    tell();
    const bool live = sweep_.clock == ClockKind::kLive;
    const std::size_t threads = live ? 1 : std::min<std::size_t>(options_.jobs, left);
    run_on_threads(threads, [this] { work(); });
  }

 private:
  void work() {
    while (const auto point = next()) {
      PointResult result = run_guarded(*point);
      const std::lock_guard lock(mutex_);
      if (result.status == PointStatus::kNotRun) {
        stopped_ = true;
        continue;
      }
      ++progress_.done;
      if (result.status == PointStatus::kFailed) ++progress_.failed;
      results_.points[*point] = std::move(result);
      tell();
    }
  }

  std::optional<std::size_t> next() {
    const std::lock_guard lock(mutex_);
    if (stopped_ || (options_.interrupted != nullptr && *options_.interrupted)) return std::nullopt;
    while (next_ < results_.points.size() &&
           results_.points[next_].status != PointStatus::kNotRun) {
      ++next_;
    }
    if (next_ == results_.points.size()) return std::nullopt;
    return next_++;
  }

  // Runs a point and removes its folder if it did not finish. Lets no exception out, because that
  // would end the process.
  PointResult run_guarded(std::size_t point) {
    const fs::path folder = folder_ / point_folder(sweep_, point);
    PointResult result;
    try {
      result = run_point(point, folder);
    } catch (const std::exception& error) {
      result = failed(error.what());
    }
    std::error_code ignored;  // a folder that remains has no complete run.json
    if (!result.done()) fs::remove_all(folder, ignored);
    return result;
  }

  PointResult run_point(std::size_t point, const fs::path& folder) {
    std::error_code error;
    fs::remove_all(folder, error);
    if (!error) fs::create_directories(folder, error);
    if (error) return failed(folder.string() + ": cannot be created: " + error.message());
    const auto scenario = point_scenario(sweep_, point);
    if (!scenario) return failed(scenario.error().front());

    RunOptions options;
    options.log_folder = folder / "logs";
    options.log_level = options_.log_level;
    options.interrupted = options_.interrupted;
    const auto run = options_.run(*scenario, options);
    if (!run) return failed(run.error().message);
    if (!run.value().complete) return {};
    if (const auto unwritten = write_results(*scenario, *run, folder)) {
      return failed(unwritten->message());
    }
    auto finished = read_point(folder);
    if (!finished) return failed(folder.string() + ": cannot be read back: " + finished.error());
    const std::lock_guard lock(mutex_);
    const std::string why = join_origins(*results_.origin, finished->origin);
    return why.empty() ? std::move(finished->result) : failed("it " + why + " than other points");
  }

  void tell() const {
    if (options_.on_progress) options_.on_progress(progress_);
  }

  const Sweep& sweep_;
  const SweepOptions& options_;
  const fs::path& folder_;
  SweepResults& results_;
  std::mutex mutex_;  // guards the members below, and the results
  SweepProgress progress_;
  std::size_t next_ = 0;
  bool stopped_ = false;
};

}  // namespace

SweepResults begin_results(const Sweep& sweep) {
  SweepResults results;
  results.start = utc_now();
  results.origin = own_origin();
  results.points.resize(sweep.points());
  const std::vector<bool> own = own_points(sweep);
  for (std::size_t p = 0; p < own.size(); ++p) {
    if (!own[p]) results.points[p].status = PointStatus::kElsewhere;
  }
  return results;
}

void run_points(const Sweep& sweep, const SweepOptions& options, const fs::path& folder,
                SweepResults& results) {
  SweepRunner(sweep, options, folder, results).run();
}

}  // namespace sim

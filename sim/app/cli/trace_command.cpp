#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include "sim/app/cli/commands.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/cli/load_files.h"
#include "sim/script/mobility/group_tracks.h"
#include "sim/script/mobility/sample_track.h"
#include "sim/script/traces/csv_trace.h"
#include "sim/script/traces/gpx_trace.h"

namespace sim {
namespace {

// Standard output, or a file of that name. What fails first is kept.
class TextSink {
 public:
  explicit TextSink(const std::string& file) : file_(file) {
    if (file.empty()) return;
    owned_.reset(std::fopen(file.c_str(), "wb"));
    stream_ = owned_.get();
    if (stream_ == nullptr) fail("created");
  }

  // Writes a text and empties it. False where it could not be written.
  bool write(std::string& text) {
    if (!error_.empty()) return false;
    if (std::fwrite(text.data(), 1, text.size(), stream_) != text.size()) fail("written");
    text.clear();
    return error_.empty();
  }

  // What went wrong, as `walk.csv: cannot be written: No space left on device`; empty: nothing.
  std::string finish() {
    if (error_.empty() && std::fflush(stream_) != 0) fail("written");
    if (std::FILE* const file = owned_.release(); file != nullptr && std::fclose(file) != 0) {
      fail("written");
    }
    return error_;
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  void fail(const char* what) {
    if (!error_.empty()) return;
    error_ = fmt::format("{}: cannot be {}: {}", file_.empty() ? "standard output" : file_, what,
                         std::generic_category().message(errno));
  }

  std::string file_;
  std::unique_ptr<std::FILE, Close> owned_;
  std::FILE* stream_ = stdout;
  std::string error_;
};

}  // namespace

int trace_command(const TraceCommand& command) {
  const auto scenarios = load_scenarios({command.file}, command.load);
  if (!scenarios) return kBadUsage;
  const Scenario& scenario = scenarios->front();
  const bool gpx = command.format == TraceFormat::kGpx;
  TextSink sink(command.out);
  std::string text;
  gpx ? append_gpx_trace_header(text, scenario.name) : append_csv_trace_header(text);
  bool good = sink.write(text);
  for (const ClientGroup& group : scenario.clients) {
    GroupTracks tracks(group, scenario.seed, scenario.duration);
    for (std::uint32_t n = 0; n < group.count && good; ++n) {
      const TraceClient client{group.member_id(n),
                               sample_track(*tracks.of(n), command.every, scenario.duration)};
      gpx ? append_gpx_trace(text, client) : append_csv_trace(text, client);
      good = sink.write(text);
    }
  }
  if (gpx) append_gpx_trace_footer(text);
  sink.write(text);
  const std::string error = sink.finish();
  if (error.empty()) return kDone;
  std::fprintf(stderr, "%s\n", error.c_str());
  return kNotCarriedOut;
}

}  // namespace sim

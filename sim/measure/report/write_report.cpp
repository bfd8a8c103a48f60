#include "sim/measure/report/write_report.h"

#include <fmt/format.h>

#include <span>
#include <system_error>
#include <utility>

#include "sim/base/json/parse_json.h"
#include "sim/base/text/markup.h"
#include "sim/measure/report/built_in_page.h"
#include "sim/measure/report/data_block.h"
#include "sim/measure/report/html.h"
#include "sim/measure/report/sections.h"
#include "sim/measure/report/sweep_sections.h"
#include "sim/measure/results/out_file.h"
#include "sim/measure/results/run_files.h"
#include "sim/measure/results/run_json.h"

namespace sim {
namespace {

namespace fs = std::filesystem;

// The drill-downs shrink to kFewMessages until a page is small, and further until it has
// kSoftBytes.
constexpr std::size_t kSmallBytes = 500'000;
constexpr std::size_t kFewMessages = 3'000;
constexpr std::size_t kSoftBytes = 3'000'000;
constexpr std::size_t kHardBytes = 8'000'000;

struct Part {
  std::string_view anchor, name;
};
constexpr Part kRunParts[] = {{"verdict", "Verdict"},   {"herds", "Herds"},
                              {"timeline", "Timeline"}, {"distributions", "Distributions"},
                              {"topology", "Links"},    {"update", "One update"},
                              {"clients", "Clients"},   {"queries", "Queries"},
                              {"about", "About"}};
constexpr Part kSweepParts[] = {
    {"verdict", "Verdict"}, {"curves", "Curves"}, {"points", "Points"}, {"about", "About"}};

std::string navigation(std::span<const Part> parts) {
  std::string out;
  for (const Part& part : parts) {
    out += fmt::format("<a href=\"#{}\">{}</a>\n", part.anchor, part.name);
  }
  return out;
}

std::string page_of(RunFolder& folder, std::string_view parts, std::string_view sections,
                    std::string_view data) {
  const BuiltInPage page = built_in_page();
  const std::string title = html_text(folder.text("name"));
  return html_head(title + ": herdsim", page.style, page.script) +
         fmt::format(
             "<body>\n<a class=\"skip\" href=\"#verdict\">To the "
             "verdict</a>\n<header>\n<h1>{}</h1>\n"
             "<nav aria-label=\"Parts of this page\">\n{}</nav>\n<div id=\"settings\"></div>\n"
             "</header>\n<main>\n{}</main>\n<script type=\"text/plain\" id=\"data\">{}</script>\n"
             "<script>{}</script>\n</body>\n</html>\n",
             title, parts, sections, data, page.script);
}

std::string run_sections(RunFolder& folder) {
  return verdict_section(folder) + herds_section(folder) + timeline_section(folder) +
         distributions_section(folder) + topology_section(folder) + update_section(folder) +
         clients_section(folder) + queries_section(folder) + about_section(folder);
}

std::string run_page(RunFolder& folder) {
  const std::string sections = run_sections(folder), parts = navigation(kRunParts);
  const auto fits = [](const std::string& page, const DrillDownLimits& limits) {
    return page.size() <= (limits.messages > kFewMessages ? kSmallBytes : kSoftBytes);
  };
  const DataBlock data(folder);
  DrillDownLimits limits;
  std::string page = page_of(folder, parts, sections, data.with(limits));
  while (!fits(page, limits) && limits.messages > 0) {
    limits = limits.half();
    page = page_of(folder, parts, sections, data.with(limits));
  }
  return page;
}

std::string sweep_page(RunFolder& folder) {
  return page_of(folder, navigation(kSweepParts),
                 sweep_verdict_section(folder) + curves_section(folder) + points_section(folder) +
                     about_section(folder),
                 sweep_data_block(folder));
}

bool is_listed(const fs::path& folder) {
  const OwnedJson run = read_run_file(folder);
  const json_t* const files = json_object_get(run.get(), "files");
  for (std::size_t i = 0; i < json_array_size(files); ++i) {
    if (string_of(json_array_get(files, i)) == kReportFile) return true;
  }
  return false;
}

// Writes the files beside the old ones and renames them, so that no reader sees half of one.
std::optional<FileError> put_into(const fs::path& folder, std::string_view page) {
  const fs::path beside = folder / kReplacements;
  std::error_code error;
  fs::remove_all(beside, error);
  if (!fs::create_directory(beside, error)) {
    return FileError{folder, "cannot be written to: " + error.message()};
  }
  OutFile file(beside / kReportFile);
  file.write(page);
  auto failed = file.close();
  const bool listed = is_listed(folder);
  if (!failed && !listed) failed = add_to_run_file(kReportFile, folder, beside);
  if (!failed) fs::rename(beside / kReportFile, folder / kReportFile, error);
  if (!failed && !error && !listed) fs::rename(beside / kRunFile, folder / kRunFile, error);
  if (!failed && error) failed = FileError{folder, "cannot be written to: " + error.message()};
  fs::remove_all(beside, error);
  return failed;
}

}  // namespace

bool has_report() { return !built_in_page().script.empty(); }

herd::Result<std::string, FileError> format_report(const fs::path& folder) {
  auto opened = RunFolder::open(folder);
  if (!opened) return opened.error();
  RunFolder& run = **opened;
  if (json_is_true(json_object_get(run.run(), "dry_run"))) {
    return FileError{folder, "is from a dry run: there is nothing to show but plan.csv"};
  }
  std::string page = run.is_sweep() ? sweep_page(run) : run_page(run);
  if (page.size() > kHardBytes) {
    return FileError{folder, fmt::format("gives a page of {} bytes (at most {}: use fewer herds)",
                                         page.size(), kHardBytes)};
  }
  return page;
}

std::optional<FileError> write_report(const fs::path& folder) {
  const auto page = format_report(folder);
  if (!page) return page.error();
  return put_into(folder, *page);
}

}  // namespace sim

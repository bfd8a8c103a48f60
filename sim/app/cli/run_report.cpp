#include "sim/app/cli/run_report.h"

#include <cstdio>

#include "sim/measure/report/write_report.h"

namespace sim {

void add_report(ReportForm form, const OutputFolder& folder) {
  if (form == ReportForm::kNone) return;
  if (!has_report()) {
    if (form == ReportForm::kHtml) std::fputs(kNoReport, stderr);
    return;
  }
  if (const auto error = write_report(folder.partial())) {
    std::fprintf(stderr, "no report.html: %s\n", folder.for_people(error->message()).c_str());
  }
}

}  // namespace sim

#include "sim/app/cli/run_report.h"

#include <cstdio>
#include <exception>
#include <string>

#include "sim/base/process/last_words.h"
#include "sim/measure/report/write_report.h"

namespace sim {

void add_report(ReportForm form, const OutputFolder& folder) {
  if (form == ReportForm::kNone) return;
  if (!has_report()) {
    if (form == ReportForm::kHtml) std::fputs(kNoReport, stderr);
    return;
  }
  const auto tell = [](const std::string& why) {
    std::fprintf(stderr, "no report.html: %s\n", why.c_str());
  };
  try {
    if (const auto error = write_report(folder.partial())) {
      tell(folder.for_people(error->message()));
    }
  } catch (const std::exception& error) {
    tell(words_of(error));
  }
}

}  // namespace sim

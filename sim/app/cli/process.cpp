#include "sim/app/cli/process.h"

#include <csignal>
#include <cstdio>
#include <exception>

#include "sim/app/cli/cli.h"
#include "sim/app/cli/exit_status.h"
#include "sim/base/process/last_words.h"
#include "sim/base/process/standard_descriptors.h"

namespace sim {

int run_process(int argc, char** argv) {
  if (!open_standard_descriptors()) return kNotCarriedOut;
  // Writing to a closed connection or a file that may not grow is then an error that the caller
  // reports; it does not end the process.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  end_with_last_words("herdsim", kNotCarriedOut);
  try {
    return run_cli(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "herdsim: not carried out: %s\n", words_of(error));
    return kNotCarriedOut;
  }
}

}  // namespace sim

#include <csignal>

#include "sim/app/cli/cli.h"

int main(int argc, char** argv) {
  // A peer that is gone and a file that may not grow are errors to report, not to die of.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  return sim::run_cli(argc, argv);
}

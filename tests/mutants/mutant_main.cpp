// herdsim with a broken rule, for tests of what its users see: `herdsim_mutant NUMBER ARGUMENT...`
// does what `herdsim ARGUMENT...` does, while the rule of that number in herd::Mutation is broken.
#include <cstdio>
#include <cstdlib>

#include "sim/app/cli/process.h"
#include "tests/mutants/broken_rule.h"

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: herdsim_mutant NUMBER ARGUMENT...\n", stderr);
    return EXIT_FAILURE;
  }
  const herd::test::BrokenRule broken(static_cast<herd::Mutation>(std::atoi(argv[1])));
  argv[1] = argv[0];
  return sim::run_process(argc - 1, argv + 1);
}

// The command line: from argv to an exit status.
#pragma once

namespace sim {

int run_cli(int argc, char** argv);

}  // namespace sim

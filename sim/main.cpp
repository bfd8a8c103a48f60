#include "sim/app/cli/process.h"

int main(int argc, char** argv) { return sim::run_process(argc, argv); }
